"""What several modules of tests share."""

import cv2
import pytest
from browser import chromium
from hypothesis import settings

settings.register_profile("formcheck", deadline=None)  # a busy machine is no mistake
settings.load_profile("formcheck")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of pages."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def written(monkeypatch):
    """Everything that is written while a test runs."""
    texts = []
    write = cv2.putText

    def heard(image, text, *rest):
        texts.append(text)
        return write(image, text, *rest)

    monkeypatch.setattr(cv2, "putText", heard)
    return texts
