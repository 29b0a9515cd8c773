"use strict";

/** Vectors are arrays [x, y, z], quaternions [w, x, y, z], matrices 4 × 4 by columns, as WebGL takes them. */
const Vec = {
  add: (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]],
  subtract: (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]],
  scale: (a, s) => [a[0] * s, a[1] * s, a[2] * s],
  dot: (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2],
  cross: (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]],
  normalize: (a) => Vec.scale(a, 1 / Math.hypot(...a)),
};

/** `v` turned by the unit quaternion `q`. */
function turn(q, v) {
  const axis = [q[1], q[2], q[3]];
  const t = Vec.scale(Vec.cross(axis, v), 2);
  return Vec.add(Vec.add(v, Vec.scale(t, q[0])), Vec.cross(axis, t));
}

/** The angle of the unit quaternion `q` about the vertical, rad. */
function heading([w, x, y, z]) {
  return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
}

/** Poses (seven numbers each: place and quaternion) at `share` of the way from `a` to `b`. */
function mixedPoses(a, b, share) {
  const mixed = new Float32Array(a.length);
  for (let p = 0; p < mixed.length; p += 7) {
    for (let k = 0; k < 3; ++k) mixed[p + k] = a[p + k] + share * (b[p + k] - a[p + k]);
    // A quaternion and its negative are the same rotation: the nearer one is taken.
    let along = 0;
    for (let k = 3; k < 7; ++k) along += a[p + k] * b[p + k];
    const sign = along < 0 ? -1 : 1;
    let norm = 0;
    for (let k = 3; k < 7; ++k) {
      mixed[p + k] = a[p + k] + share * (sign * b[p + k] - a[p + k]);
      norm += mixed[p + k] * mixed[p + k];
    }
    norm = Math.sqrt(norm) || 1;
    for (let k = 3; k < 7; ++k) mixed[p + k] /= norm;
  }
  return mixed;
}

/** Points of a shape, in its part's frame, with radii: balls of these radii about them hold all of it. */
function corners({kind, size, at}) {
  const put = (place) => Vec.add(at.slice(0, 3), turn(at.slice(3), place));
  switch (kind) {
    case "sphere": return [[put([0, 0, 0]), size[0]]];
    case "box":
      return [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [put(size.map((x, k) => ((i >> k) & 1 ? x : -x) / 2)), 0]);
    default: return [-1, 1].map((side) => [put([0, 0, (side * size[1]) / 2]), size[0]]);
  }
}

const Matrix = {
  identity: new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),

  product(a, b) {
    const m = new Float32Array(16);
    for (let c = 0; c < 4; ++c)
      for (let r = 0; r < 4; ++r)
        for (let k = 0; k < 4; ++k) m[4 * c + r] += a[4 * k + r] * b[4 * c + k];
    return m;
  },

  /** From a frame at `at`, seven numbers from `i` on in `poses` (position, then quaternion), to the world. */
  pose(poses, i) {
    const [x, y, z, w, a, b, c] = poses.subarray(i, i + 7);
    return new Float32Array([
      1 - 2 * (b * b + c * c), 2 * (a * b + w * c), 2 * (a * c - w * b), 0,
      2 * (a * b - w * c), 1 - 2 * (a * a + c * c), 2 * (b * c + w * a), 0,
      2 * (a * c + w * b), 2 * (b * c - w * a), 1 - 2 * (a * a + b * b), 0,
      x, y, z, 1,
    ]);
  },

  lookAt(eye, target) {
    const back = Vec.normalize(Vec.subtract(eye, target));
    const right = Vec.normalize(Vec.cross([0, 0, 1], back));
    const up = Vec.cross(back, right);
    return new Float32Array([
      right[0], up[0], back[0], 0, right[1], up[1], back[1], 0, right[2], up[2], back[2], 0,
      -Vec.dot(right, eye), -Vec.dot(up, eye), -Vec.dot(back, eye), 1,
    ]);
  },

  /** @param slope tangent of half the vertical field of view */
  perspective(slope, aspect, near, far) {
    const m = new Float32Array(16);
    m[0] = 1 / (slope * aspect);
    m[5] = 1 / slope;
    m[10] = (far + near) / (near - far);
    m[11] = -1;
    m[14] = (2 * far * near) / (near - far);
    return m;
  },

  orthographic(reach, depth) {
    const m = new Float32Array(16);
    m[0] = m[5] = 1 / reach;
    m[10] = -1 / depth;
    m[15] = 1;
    return m;
  },
};

/** Triangles with a place, a normal and a color at each corner. */
class Mesh {
  /** Nine numbers a corner: place, normal, color. */
  vertices = [];
  indices = [];

  /** Adds a shape of an episode document. */
  add(shape) {
    const color = [1, 3, 5].map((i) => parseInt(shape.color.slice(i, i + 2), 16) / 255);
    const position = shape.at.slice(0, 3);
    const orientation = shape.at.slice(3);
    const [first, second] = shape.size;
    const put = (place, normal) => {
      this.vertices.push(...Vec.add(position, turn(orientation, place)), ...turn(orientation, normal), ...color);
    };
    switch (shape.kind) {
      case "box": return this.#box(shape.size, put);
      case "sphere": return this.#lathe(Mesh.#cap(first, 0, 0, Math.PI), put);
      case "capsule":
        return this.#lathe(
          [...Mesh.#cap(first, second / 2, 0, Math.PI / 2), ...Mesh.#cap(first, -second / 2, Math.PI / 2, Math.PI)], put);
      case "cylinder": return this.#lathe(Mesh.#rim(first, second / 2), put);
    }
  }

  /**
   * Adds an arrow along a line of points that lies about level.
   *
   * @param points at least two
   * @param color three numbers in 0…1
   */
  addArrow({points, radius, color}) {
    const sides = 10;
    const last = points.length - 1;
    const tangents = points.map((_, i) => Vec.normalize(Vec.subtract(points[Math.min(i + 1, last)], points[Math.max(i - 1, 0)])));
    const tip = Vec.add(points[last], Vec.scale(tangents[last], 4.5 * radius));
    // From the tip back, so that outsides face as a lathe's do.
    const outline = [[tip, 0, 0.5], [points[last], 2.6 * radius, 0.5], [points[last], 2.6 * radius, -1], [points[last], radius, -1]]
      .map(([point, r, lean]) => [point, r, tangents[last], lean]);
    for (let i = last; i >= 0; --i) outline.push([points[i], radius, tangents[i], 0]);
    outline.push([points[0], radius, tangents[0], -1], [points[0], 0, tangents[0], -1]);
    const first = this.vertices.length / 9;
    for (const [point, r, along, lean] of outline) {
      const across = Vec.normalize(Vec.cross([0, 0, 1], along));
      const up = Vec.cross(along, across);
      for (let i = 0; i <= sides; ++i) {
        const angle = (2 * Math.PI * i) / sides;
        const out = Vec.add(Vec.scale(across, Math.cos(angle)), Vec.scale(up, Math.sin(angle)));
        const normal = Vec.normalize(Vec.add(out, Vec.scale(along, lean)));
        this.vertices.push(...Vec.add(point, Vec.scale(out, r)), ...normal, ...color);
      }
    }
    this.#weave(first, outline.length, sides + 1);
  }

  /** Joins the grid of corners that was just put, `columns` wide. */
  #weave(first, rows, columns) {
    for (let r = 0; r + 1 < rows; ++r)
      for (let c = 0; c + 1 < columns; ++c) {
        const a = first + r * columns + c;
        this.indices.push(a, a + columns, a + 1, a + 1, a + columns, a + columns + 1);
      }
  }

  /** Part of a circle of radius `r` about height `z`: radius, height and normal, from angle `from` (0 is up) to `to`. */
  static #cap(r, z, from, to) {
    const steps = Math.max(2, Math.round((12 * (to - from)) / Math.PI));
    return Array.from({length: steps + 1}, (_, i) => {
      const angle = from + ((to - from) * i) / steps;
      const [s, c] = [Math.sin(angle), Math.cos(angle)];
      return [r * s, z + r * c, s, c];
    });
  }

  /** The outline of a cylinder whose edges are broken a little. */
  static #rim(r, half) {
    const edge = 0.08 * Math.min(r, half);
    const side = Math.SQRT1_2;
    return [
      [0, half, 0, 1], [r - edge, half, 0, 1], [r - edge, half, side, side], [r, half - edge, side, side],
      [r, half - edge, 1, 0], [r, edge - half, 1, 0], [r, edge - half, side, -side], [r - edge, -half, side, -side],
      [r - edge, -half, 0, -1], [0, -half, 0, -1],
    ];
  }

  /** Turns an outline about the z axis. */
  #lathe(outline, put) {
    const first = this.vertices.length / 9;
    const segments = 24;
    for (const [r, z, nr, nz] of outline)
      for (let i = 0; i <= segments; ++i) {
        const [s, c] = [Math.sin((2 * Math.PI * i) / segments), Math.cos((2 * Math.PI * i) / segments)];
        put([r * c, r * s, z], [nr * c, nr * s, nz]);
      }
    this.#weave(first, outline.length, segments + 1);
  }

  /** A box whose edges are rounded a little: points of the inner box, moved outwards. */
  #box(size, put) {
    const half = size.map((x) => x / 2);
    const edge = 0.12 * Math.min(...half);
    const steps = 3;
    for (let axis = 0; axis < 3; ++axis)
      for (const sign of [-1, 1]) {
        const [u, v] = sign > 0 ? [(axis + 1) % 3, (axis + 2) % 3] : [(axis + 2) % 3, (axis + 1) % 3];
        const lines = (i) => {
          const places = [];
          for (let k = 0; k <= steps; ++k) places.push(-half[i] + edge * (1 - Math.cos((k * Math.PI) / (2 * steps))));
          return [...places, ...places.map((x) => -x).reverse()];
        };
        const first = this.vertices.length / 9;
        const [rows, columns] = [lines(v), lines(u)];
        for (const b of rows)
          for (const a of columns) {
            const place = [0, 0, 0];
            place[axis] = sign * half[axis];
            place[u] = a;
            place[v] = b;
            const inner = place.map((x, i) => Math.min(Math.max(x, edge - half[i]), half[i] - edge));
            const normal = Vec.normalize(Vec.subtract(place, inner));
            put(Vec.add(inner, Vec.scale(normal, edge)), normal);
          }
        // Counted from below upwards, so that outsides face the same way as a lathe's.
        const before = this.indices.length;
        this.#weave(first, rows.length, columns.length);
        for (let i = before; i < this.indices.length; i += 3)
          [this.indices[i + 1], this.indices[i + 2]] = [this.indices[i + 2], this.indices[i + 1]];
      }
  }
}
