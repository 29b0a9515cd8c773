"use strict";

/** Arrows on the floor beside a robot that show its velocity: the way that it would go in 0.6 s. */
class MotionArrows {
  /** Speeds below which there is nothing to show, m/s and rad/s. */
  static #least = [0.02, 0.04];
  /** Seconds whose way is shown. */
  static #time = 0.6;

  /**
   * Arrows for what is target and what is reached.
   *
   * @param root the root's pose: place and quaternion
   * @param quantities `direction`, `actual` and, where there is one, `target` of the tracked quantities
   * @param size of the robot, m
   * @param ground the floor's height, m, or null
   * @param colors `target` and `reached`
   */
  static of(root, quantities, size, ground, colors) {
    const directed = quantities.filter((quantity) => quantity.direction !== null && Number.isFinite(quantity.target));
    if (directed.length === 0 || ground === null) return [];
    const pick = (key) => ["forward", "sideways", "turning"].map((name) => directed.find((quantity) => quantity.direction === name)?.[key] ?? 0);
    const yaw = heading(root.slice(3, 7));
    const stand = {x: root[0], y: root[1], yaw, size};
    // What is reached lies upon what is target, and is slimmer.
    return [
      ...MotionArrows.#pair(stand, pick("target"), ground + 0.012 * size, 0.02 * size, colors.target),
      ...MotionArrows.#pair(stand, pick("actual"), ground + 0.034 * size, 0.009 * size, colors.reached),
    ];
  }

  /** An arrow along the way, and one about the robot where it turns. */
  static #pair({x, y, yaw, size}, [forward, sideways, turning], z, radius, color) {
    const arrows = [];
    const put = (ahead, left, angle) => [
      x + Math.cos(angle) * ahead - Math.sin(angle) * left, y + Math.sin(angle) * ahead + Math.cos(angle) * left, z,
    ];
    const speed = Math.hypot(forward, sideways);
    if (speed > MotionArrows.#least[0]) {
      const lead = [(0.3 * size * forward) / speed, (0.3 * size * sideways) / speed];
      const points = [];
      let [ahead, left, angle] = [...lead, 0];
      const steps = 12;
      for (let i = 0; i <= steps; ++i) {
        points.push(put(ahead, left, yaw));
        const step = MotionArrows.#time / steps;
        ahead += (Math.cos(angle) * forward - Math.sin(angle) * sideways) * step;
        left += (Math.sin(angle) * forward + Math.cos(angle) * sideways) * step;
        angle += turning * step;
      }
      arrows.push({points, radius, color});
    }
    if (Math.abs(turning) > MotionArrows.#least[1]) {
      // From the robot's right side ahead to the left, or the other way round.
      const points = Array.from({length: 13}, (_, i) => put(0.48 * size, 0, yaw + (MotionArrows.#time * turning * i) / 12));
      arrows.push({points, radius, color});
    }
    return arrows;
  }
}
