"use strict";

/** Finds what a ray from the eye meets. */
class Picker {
  /**
   * The part that a ray meets first.
   *
   * @param parts of the document
   * @param poses seven numbers a part
   * @param ray `from` and `direction`
   * @param slack how far beside a part still counts as a hit, m
   * @returns `part` and `point`, or null
   */
  static part(parts, poses, {from, direction}, slack) {
    let found = null;
    let nearest = Infinity;
    parts.forEach(({shapes}, part) => {
      const seen = Picker.#inside({from, direction}, [...poses.slice(7 * part, 7 * part + 7)]);
      for (const shape of shapes) {
        const distance = Picker.#distance(shape, Picker.#inside(seen, shape.at), slack);
        if (distance === null || distance >= nearest) continue;
        nearest = distance;
        found = {part, point: Vec.add(from, Vec.scale(direction, distance))};
      }
    });
    return found;
  }

  /** A ray as a frame sees it, whose place and quaternion are `at`. */
  static #inside({from, direction}, at) {
    const [w, x, y, z] = at.slice(3);
    const back = [w, -x, -y, -z];
    return {from: turn(back, Vec.subtract(from, at.slice(0, 3))), direction: turn(back, direction)};
  }

  /** How far along a ray in the shape's own frame it comes to the shape, or within `slack` of it; null if never. */
  static #distance({kind, size}, {from, direction}, slack) {
    switch (kind) {
      case "box": return Picker.#box(size.map((x) => x / 2 + slack), from, direction);
      case "sphere": return Picker.#ball([0, 0, 0], size[0] + slack, from, direction);
      default: return Picker.#rod(size[1] / 2, size[0] + slack, from, direction);
    }
  }

  static #box(half, from, direction) {
    let [enter, leave] = [0, Infinity];
    for (let k = 0; k < 3; ++k) {
      const [a, b] = [(-half[k] - from[k]) / direction[k], (half[k] - from[k]) / direction[k]];
      if (Number.isNaN(a) || Number.isNaN(b)) continue;
      [enter, leave] = [Math.max(enter, Math.min(a, b)), Math.min(leave, Math.max(a, b))];
    }
    return enter <= leave ? enter : null;
  }

  static #ball(middle, radius, from, direction) {
    const to = Vec.subtract(from, middle);
    const along = Vec.dot(to, direction);
    const root = along * along - Vec.dot(to, to) + radius * radius;
    return root < 0 || -along + Math.sqrt(root) < 0 ? null : Math.max(0, -along - Math.sqrt(root));
  }

  /** A capsule about the z axis; a cylinder counts as one. */
  static #rod(half, radius, from, direction) {
    const distances = [-half, half].map((z) => Picker.#ball([0, 0, z], radius, from, direction)).filter((d) => d !== null);
    const a = direction[0] ** 2 + direction[1] ** 2;
    const b = from[0] * direction[0] + from[1] * direction[1];
    const root = b * b - a * (from[0] ** 2 + from[1] ** 2 - radius * radius);
    if (a > 1e-12 && root >= 0) {
      const side = (-b - Math.sqrt(root)) / a;
      if (side >= 0 && Math.abs(from[2] + side * direction[2]) <= half) distances.push(side);
    }
    return distances.length > 0 ? Math.min(...distances) : null;
  }
}
