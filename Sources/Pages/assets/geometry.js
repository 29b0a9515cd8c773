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

const Matrix = {
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

/** Triangles with a place, a normal and a colour at each corner. */
class Mesh {
  /** Nine numbers a corner: place, normal, colour. */
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
