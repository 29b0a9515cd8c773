"use strict";

/** The canvas on which a robot is seen: the scene, the camera, and colors from the style sheet. */
class Stage {
  #canvas;
  #scene = null;
  #colors = null;
  #parts = "";
  /** A moving mean of the seconds between pictures. */
  #pace = 1 / 60;
  /** Pixels drawn for a point each way: as many as smooth all edges, fewer where the machine cannot keep up. */
  #sharpness = 2;
  /** What was drawn last: where from, and how large. */
  #view = null;

  /**
   * @param canvas
   * @param moved called when the camera has moved
   * @param restyled called when the page's colors have changed
   */
  constructor(canvas, moved, restyled) {
    this.#canvas = canvas;
    try {
      this.#scene = new Scene(canvas);
    } catch (error) {
      canvas.hidden = true;
      document.getElementById("no-picture").hidden = false;
      document.getElementById("why").textContent = error.message;
    }
    this.camera = new OrbitCamera(canvas, moved);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#colors = null;
      restyled();
    });
  }

  /** Takes the parts and the scenery of a document; those that it has already are left as they are. */
  setParts({parts, scenery}) {
    const text = JSON.stringify([parts, scenery]);
    if (this.#scene && text !== this.#parts) this.#scene.setParts(parts, scenery);
    this.#parts = text;
  }

  /** Draws fewer pixels from now on where pictures come too slowly, `passed` seconds apart. */
  keepPace(passed) {
    this.#pace += 0.15 * (passed - this.#pace);
    // What hardly moves any more is better blurred.
    const least = this.#pace > 1 / 8 ? 0.35 : 0.7;
    if (this.#pace < 1 / 35 || this.#sharpness <= least) return;
    this.#sharpness = Math.max(least, 0.71 * this.#sharpness);
    this.#pace = 1 / 60;
  }

  /**
   * @param moment what `Scene.draw` takes
   * @param target what the camera looks at, m
   * @param size of the robot, m
   * @param ground its height, m, or null
   */
  draw(moment, target, size, ground) {
    if (!this.#scene) return;
    const canvas = this.#canvas;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((x) => Math.max(1, Math.round(x * this.#sharpness)));
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    this.#view = {...this.camera.view(target, size, width / height), aspect: width / height};
    this.#scene.draw(moment, {...this.#view, size, ground, cell: Stage.#cell(size)}, this.colors);
  }

  /** The ray from the eye through a point of the page: where it starts, and its direction; null before the first picture. */
  ray(clientX, clientY) {
    if (!this.#view) return null;
    const {eye, target, slope, aspect} = this.#view;
    const box = this.#canvas.getBoundingClientRect();
    const [x, y] = [(2 * (clientX - box.left)) / box.width - 1, 1 - (2 * (clientY - box.top)) / box.height];
    const back = Vec.normalize(Vec.subtract(eye, target));
    const right = Vec.normalize(Vec.cross([0, 0, 1], back));
    const up = Vec.cross(back, right);
    const across = Vec.add(Vec.scale(right, x * slope * aspect), Vec.scale(up, y * slope));
    return {from: eye, direction: Vec.normalize(Vec.subtract(across, back)), right, back};
  }

  /** Meters that a point of the page covers at a distance of `depth` m. */
  metersPerPoint(depth) {
    return (2 * depth * (this.#view?.slope ?? 0)) / Math.max(1, this.#canvas.clientHeight);
  }

  /** The edge of the floor's squares: a round length of about two fifths of the robot's size, m. */
  static #cell(size) {
    const power = 10 ** Math.floor(Math.log10(0.4 * size));
    return power * [5, 2, 1].find((m) => m * power <= 0.4 * size);
  }

  /** Colors from the style sheet, each three numbers in 0…1. */
  get colors() {
    if (this.#colors) return this.#colors;
    const style = getComputedStyle(document.documentElement);
    const read = (name) => {
      const text = style.getPropertyValue(name).trim();
      return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16) / 255);
    };
    this.#colors = {
      sky: read("--sky"), even: read("--floor-even"), odd: read("--floor-odd"), target: read("--target"),
      reached: read("--reached"), push: read("--push"),
    };
    return this.#colors;
  }
}
