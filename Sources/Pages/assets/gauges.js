"use strict";

/** Shows the commanded and the actual velocity: bars for now, curves for the last seconds. */
class Gauges {
  static #stretch = 10;
  #rows;
  #drawn = 0;
  /** `time` and for each row `[target, actual]`. */
  #past = [];

  /**
   * @param quantities of the document that have a direction
   * @param limits the least and the greatest of each direction
   */
  constructor(quantities, limits) {
    this.#rows = quantities
      .map((quantity, index) => ({...quantity, index}))
      .filter(({direction}) => direction !== null && limits[direction][0] < limits[direction][1])
      .map((quantity) => this.#row(quantity, limits[quantity.direction]));
  }

  #row(quantity, [low, high]) {
    // Room for what goes beyond, and 0 in the picture.
    const [from, to] = [Math.min(1.3 * low, -0.15 * high), Math.max(1.3 * high, -0.15 * low)];
    const make = (tag, of, parent) => parent.appendChild(Object.assign(document.createElement(tag), {className: of}));
    const gauge = make("div", "gauge", document.getElementById("gauges"));
    make("span", "", gauge).textContent = quantity.name;
    const track = make("div", "track", gauge);
    const [target, reached, zero] = ["target", "reached", "zero"].map((of) => make("i", of, track));
    const share = (value) => Math.min(Math.max((value - from) / (to - from), 0), 1);
    zero.style.left = `${100 * share(0)}%`;
    const output = make("output", "", gauge);
    const figure = make("figure", "", document.getElementById("curves"));
    const caption = make("figcaption", "", figure);
    make("span", "", caption).textContent = `${quantity.name}, ${from.toFixed(1)} to ${to.toFixed(1)} ${quantity.unit}`;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 100 100");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    const lines = ["target", "reached"].map((of) => {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("class", of);
      return svg.appendChild(path);
    });
    svg.style.backgroundPositionY = `${100 * (1 - share(0))}%`;
    figure.append(svg);
    return {...quantity, target, reached, share, output, lines};
  }

  /** Takes in a message of the simulation. */
  take({time, quantities}) {
    if (this.#rows.length === 0) return;
    const last = this.#past.at(-1);
    if (last && time < last.time) this.#past = [];
    this.#past.push({time, quantities});
    while (this.#past[0].time < time - Gauges.#stretch) this.#past.shift();
  }

  /** Draws the present state; at most ten times a second. */
  draw(now) {
    const present = this.#past.at(-1);
    if (!present || now - this.#drawn < 100) return;
    this.#drawn = now;
    for (const {index, unit, target, reached, share, output, lines} of this.#rows) {
      const [actual, goal] = present.quantities[index];
      this.#bar(target, share(0), share(goal));
      this.#bar(reached, share(0), share(actual));
      const text = (value) => (Math.abs(value) < 0.005 ? 0 : value).toFixed(2);
      output.textContent = `${text(actual)}, target ${text(goal)} ${unit}`;
      [1, 0].forEach((k, line) => {
        const points = this.#past.map(({time, quantities}) => {
          const x = 100 * (1 - (present.time - time) / Gauges.#stretch);
          return `${x.toFixed(2)} ${(100 * (1 - share(quantities[index][k]))).toFixed(1)}`;
        });
        lines[line].setAttribute("d", `M${points.join("L")}`);
      });
    }
  }

  #bar(element, zero, value) {
    element.style.left = `${100 * Math.min(zero, value)}%`;
    element.style.width = `${100 * Math.abs(value - zero)}%`;
  }
}
