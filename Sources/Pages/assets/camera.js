"use strict";

/** The view of an episode: turned, moved and zoomed by mouse, fingers and keys. */
class OrbitCamera {
  /** Tangent of half the vertical field of view. */
  static slope = Math.tan((15 * Math.PI) / 180);
  static #start = {azimuth: -60, elevation: 14, zoom: 1};

  azimuth = OrbitCamera.#start.azimuth;
  elevation = OrbitCamera.#start.elevation;
  zoom = OrbitCamera.#start.zoom;
  /** The point that the camera looks at, relative to the episode's own path, m. */
  shift = [0, 0, 0];
  #canvas;
  #changed;
  #pointers = new Map();
  #scale = 1;

  /** @param changed called after every move */
  constructor(canvas, changed) {
    this.#canvas = canvas;
    this.#changed = changed;
    canvas.addEventListener("pointerdown", (event) => {
      this.#pointers.set(event.pointerId, [event.clientX, event.clientY]);
      canvas.setPointerCapture(event.pointerId);
    });
    for (const end of ["pointerup", "pointercancel"])
      canvas.addEventListener(end, (event) => this.#pointers.delete(event.pointerId));
    canvas.addEventListener("pointermove", (event) => this.#drag(event));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("dblclick", () => this.reset());
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.#zoomBy(Math.exp(-0.0015 * event.deltaY));
      }, {passive: false});
  }

  reset() {
    Object.assign(this, OrbitCamera.#start, {shift: [0, 0, 0]});
    this.#changed();
  }

  /**
   * @param target what the episode's path looks at, m
   * @param size of the robot, m; all of a ball of that diameter is in the picture
   */
  view(target, size, aspect) {
    const fit = (0.5 * size) / Math.sin(Math.atan(OrbitCamera.slope * Math.min(1, aspect)));
    const distance = fit / this.zoom;
    this.#scale = (2 * distance * OrbitCamera.slope) / Math.max(1, this.#canvas.clientHeight);
    const middle = Vec.add(target, this.shift);
    return {eye: Vec.add(middle, Vec.scale(this.#outwards, distance)), target: middle, slope: OrbitCamera.slope};
  }

  get #outwards() {
    const [a, e] = [(this.azimuth * Math.PI) / 180, (this.elevation * Math.PI) / 180];
    return [Math.cos(e) * Math.cos(a), Math.cos(e) * Math.sin(a), Math.sin(e)];
  }

  #drag(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.clientX - before[0], event.clientY - before[1]];
    if (this.#pointers.size === 2) {
      const other = [...this.#pointers].find(([id]) => id !== event.pointerId)[1];
      const span = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]);
      this.#pan(dx / 2, dy / 2);
      this.#zoomBy(span([event.clientX, event.clientY]) / Math.max(1, span(before)));
    } else if (event.shiftKey || event.buttons > 1) {
      this.#pan(dx, dy);
    } else {
      this.#turnBy(-0.4 * dx, 0.4 * dy);
    }
    this.#pointers.set(event.pointerId, [event.clientX, event.clientY]);
  }

  #key(event) {
    const arrow = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (arrow && event.shiftKey) this.#pan(-20 * arrow[0], -20 * arrow[1]);
    else if (arrow) this.#turnBy(5 * arrow[0], -5 * arrow[1]);
    else if (event.key === "+" || event.key === "=") this.#zoomBy(1.15);
    else if (event.key === "-") this.#zoomBy(1 / 1.15);
    else if (event.key === "0") this.reset();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #turnBy(azimuth, elevation) {
    this.azimuth = (this.azimuth + azimuth) % 360;
    this.elevation = Math.min(Math.max(this.elevation + elevation, -5), 88);
    this.#changed();
  }

  #zoomBy(factor) {
    this.zoom = Math.min(Math.max(this.zoom * factor, 0.15), 12);
    this.#changed();
  }

  /** Moves what is seen by so many pixels to the right and down. */
  #pan(dx, dy) {
    const outwards = this.#outwards;
    const right = Vec.normalize(Vec.cross([0, 0, 1], outwards));
    const up = Vec.cross(outwards, right);
    this.shift = Vec.add(
      this.shift, Vec.add(Vec.scale(right, -dx * this.#scale), Vec.scale(up, dy * this.#scale)));
    this.#changed();
  }
}
