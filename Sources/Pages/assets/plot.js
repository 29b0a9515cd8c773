"use strict";

/**
 * Lets a reader read values off: the slider, or the pointer over a panel, says where, and each panel shows its values there.
 */
function readOff(plot) {
  const data = JSON.parse(plot.querySelector(".figures").textContent);
  const slider = plot.querySelector("input"), output = plot.querySelector("output");
  const text = value => shortNumber(value ?? NaN);
  const nearest = (xs, x) => {
    let [low, high] = [0, xs.length - 1];
    while (high - low > 1) { const middle = (low + high) >> 1; if (xs[middle] <= x) low = middle; else high = middle; }
    return Math.abs(xs[high] - x) < Math.abs(xs[low] - x) ? high : low;
  };
  const panels = data.charts.map(chart => {
    const svg = [...plot.querySelectorAll("svg[data-figure]")].find(svg => svg.dataset.figure === chart.figure);
    const axes = svg.dataset.axes.split(" ").map(Number), reading = svg.querySelector(".reading");
    return { chart, svg, axes, reading, atEnd: reading.textContent };
  });
  const show = share => {
    const x = share * data.end, isEnd = share >= 1;
    output.textContent = isEnd ? "the end"
      : data.x.startsWith("env") ? groupedNumber(Math.round(x)) + " env steps"
      : text(x) + " " + data.x.replace(/.*\((.*)\)/, "$1") + " of training";
    for (const { chart, svg, axes: [left, top, width, height], reading, atEnd } of panels) {
      svg.querySelector(".place")?.remove();
      if (isEnd) { reading.textContent = atEnd; continue; }
      const values = chart.series.map(series => {
        const i = nearest(series.x, x), isBeyond = x > series.x[series.x.length - 1] + data.end / 50;
        return (chart.series.length > 1 ? series.letter + " " : "") + text(isBeyond ? null : series.y[i]);
      });
      reading.textContent = values.slice(0, 4).join("  ") + (values.length > 4 ? " …" : "");
      const line = document.createElementNS(svg.namespaceURI, "path");
      line.setAttribute("class", "place");
      line.setAttribute("d", `M${left + share * width} ${top}v${height}`);
      svg.append(line);
    }
  };
  const move = share => { slider.value = Math.round(1000 * Math.min(1, Math.max(0, share))); show(slider.value / 1000); };
  slider.addEventListener("input", () => show(slider.value / 1000));
  for (const { svg, axes: [left, , width] } of panels) {
    const follow = event => {
      const box = svg.getBoundingClientRect();
      move(((event.clientX - box.left) / box.width * svg.viewBox.baseVal.width - left) / width);
    };
    svg.addEventListener("pointermove", follow);
    svg.addEventListener("pointerdown", follow);
    svg.addEventListener("pointerleave", () => move(1));
  }
  show(1);
}
