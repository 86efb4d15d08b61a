"use strict";
(() => {
  const video = document.querySelector("video");
  const charts = [...document.querySelectorAll("svg[data-end]")];
  const said = document.querySelector(".said");
  document.documentElement.classList.add("scripted");

  function jump(seconds) {
    video.currentTime = seconds;
    video.scrollIntoView({ block: "nearest" });
    said.textContent = `The video plays from ${seconds.toFixed(1)} seconds.`;
    video.play().catch(() => {});
  }

  function moveLine() {
    document.documentElement.classList.add("playing");
    for (const chart of charts) {
      const line = chart.querySelector(".now");
      const x = `${Math.min(100, (100 * video.currentTime) / Number(chart.dataset.end))}%`;
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
    }
  }

  document.addEventListener("click", (event) => {
    if (video.error) return;
    const link = event.target.closest("a[data-at]");
    const chart = event.target.closest("svg[data-end]");
    if (link) {
      event.preventDefault();
      jump(Number(link.dataset.at));
    } else if (chart) {
      const box = chart.getBoundingClientRect();
      jump((Number(chart.dataset.end) * (event.clientX - box.left)) / box.width);
    }
  });
  video.addEventListener("seeking", moveLine);
  video.addEventListener("timeupdate", () => video.paused || moveLine());
  video.addEventListener("error", () => {
    document.documentElement.classList.add("no-video");
    document.querySelector(".lost").hidden = false;
  });
})();
