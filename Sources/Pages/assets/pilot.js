"use strict";

/** Turns held keys and a gamepad's sticks into a velocity command. */
class Pilot {
  /** What a key does, by its place on the keyboard: a component of the velocity and its sign. */
  static #keys = {
    KeyW: ["forward", 1], ArrowUp: ["forward", 1], KeyS: ["forward", -1], ArrowDown: ["forward", -1],
    KeyA: ["sideways", 1], ArrowLeft: ["sideways", 1], KeyD: ["sideways", -1], ArrowRight: ["sideways", -1],
    KeyQ: ["turning", 1], KeyE: ["turning", -1],
  };
  /** A stick nearer to its middle than this is at rest. */
  static #deadZone = 0.15;

  #limits;
  #held = new Set();
  #isSlow = false;
  #changed;

  /**
   * @param limits the least and the greatest of `forward`, `sideways` and `turning`
   * @param changed called with the held keys after each change
   */
  constructor(limits, changed) {
    this.#limits = limits;
    this.#changed = changed;
    // Before the camera, which takes the arrow keys otherwise.
    document.addEventListener("keydown", (event) => this.#key(event, true), true);
    document.addEventListener("keyup", (event) => this.#key(event, false), true);
    // Without the focus the page gets no event when a key is released.
    addEventListener("blur", () => this.#release());
    document.addEventListener("visibilitychange", () => this.#release());
  }

  #key(event, isDown) {
    this.#isSlow = event.shiftKey;
    const key = Pilot.#keys[event.code];
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return this.#changed(this.#held, this.#isSlow);
    if (isDown) this.#held.add(event.code);
    else this.#held.delete(event.code);
    event.preventDefault();
    event.stopPropagation();
    this.#changed(this.#held, this.#isSlow);
  }

  #release() {
    this.#held.clear();
    this.#isSlow = false;
    this.#changed(this.#held, this.#isSlow);
  }

  /** The gamepad in use, or null. */
  get #pad() {
    return [...(navigator.getGamepads?.() ?? [])].find((pad) => pad?.connected) ?? null;
  }

  /** What the gamepad in use is called, or null. */
  get padName() {
    return this.#pad?.id ?? null;
  }

  /** `forward` and `sideways` in m/s and `turning` in rad/s, as keys and sticks ask for it now. */
  get velocity() {
    const share = {forward: 0, sideways: 0, turning: 0};
    for (const code of this.#held) share[Pilot.#keys[code][0]] += Pilot.#keys[code][1] * (this.#isSlow ? 0.5 : 1);
    const pad = this.#pad;
    if (pad) {
      const stick = (i) => (Math.abs(pad.axes[i] ?? 0) > Pilot.#deadZone ? -pad.axes[i] : 0);
      share.forward += stick(1);
      share.sideways += stick(0);
      share.turning += stick(2);
    }
    const speeds = Object.entries(share).map(([name, part]) => {
      const [low, high] = this.#limits[name];
      const bounded = Math.min(Math.max(part, -1), 1);
      return [name, Math.min(Math.max(bounded * (bounded < 0 ? -low : high), low), high)];
    });
    return Object.fromEntries(speeds);
  }
}
