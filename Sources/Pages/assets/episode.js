"use strict";

/** One episode of an episode document: poses and readings, frame by frame. */
class Episode {
  #markers;
  /** What the camera looks at in each frame. */
  #path;

  constructor(document, episode) {
    this.interval = document.interval;
    this.label = episode.label;
    this.total = episode.return;
    this.ending = episode.ending;
    this.number = episode.number;
    this.frames = episode.frames;
    this.seconds = (episode.frames - 1) * document.interval;
    const columns = Episode.#decode(episode.data, episode.frames, episode.quanta);
    let next = 0;
    const take = (channels) =>
      channels.map((channel) => {
        const one = {...channel, values: columns[next++]};
        if (channel.has_target) one.target = columns[next++];
        return one;
      });
    this.poses = columns.slice(0, 7 * document.parts.length);
    next = this.poses.length;
    this.#markers = episode.markers.map((radius) => ({radius, values: [columns[next++], columns[next++], columns[next++]]}));
    // A reward is for the step that ended at a frame, and none ends at the first.
    this.rewards = take(document.rewards).map((term) => ({...term, first: 1}));
    this.axes = take(document.axes);
    this.efforts = take(document.efforts);
    this.quantities = take(document.quantities);
    this.contacts = take(document.contacts);
    this.#measure(document);
  }

  /** Reads back what `ChannelCoding` wrote: differences from frame to frame, in quanta, seven bits a byte. */
  static #decode(text, frames, quanta) {
    const bytes = atob(text);
    let place = 0;
    return quanta.map((quantum) => {
      const values = new Float64Array(frames);
      let sum = 0;
      for (let i = 0; i < frames; ++i) {
        let [number, unit, byte] = [0, 1, 0];
        do {
          byte = bytes.charCodeAt(place++);
          number += (byte & 127) * unit;
          unit *= 128;
        } while (byte & 128);
        sum += number % 2 === 0 ? number / 2 : -(number + 1) / 2;
        values[i] = sum * quantum;
      }
      return values;
    });
  }

  /** Finds the robot's size and the way that the camera follows. */
  #measure({parts, ground}) {
    const balls = parts.map((part) => part.shapes.flatMap(corners));
    const points = Array.from({length: this.frames}, (_, frame) => {
      const found = this.#markers.map(({radius, values}) => [values.map((v) => v[frame]), radius]);
      balls.forEach((some, p) => {
        const [x, y, z, ...orientation] = this.poses.slice(7 * p, 7 * p + 7).map((values) => values[frame]);
        for (const [place, radius] of some) found.push([Vec.add([x, y, z], turn(orientation, place)), radius]);
      });
      return found.length > 0 ? found : [[[0, 0, 0], 0.01]];
    });
    const boxes = points.map((some) =>
      [0, 1, 2].map((k) => {
        let [low, high] = [Infinity, -Infinity];
        for (const [place, radius] of some) [low, high] = [Math.min(low, place[k] - radius), Math.max(high, place[k] + radius)];
        return [low, high];
      }));
    const ends = [0, 1, 2].map((k) => [Math.min(...boxes.map((box) => box[k][0])), Math.max(...boxes.map((box) => box[k][1]))]);
    const width = Math.max(...boxes.map((box) => Math.max(...box.map(([low, high]) => high - low))));
    // What stays in its place, or has no floor to tell how far it came, is looked at from a fixed stand; and nothing is
    // followed up and down.
    const spread = (values) => Math.max(...values) - Math.min(...values);
    const travels = ground !== null && Math.max(spread(this.poses[0]), spread(this.poses[1])) > 0.5 * width;
    const whole = ends.map(([low, high]) => (low + high) / 2);
    const middles = boxes.map((box) => box.map(([low, high]) => (low + high) / 2));
    this.#path = (travels ? this.#smoothed(middles) : middles.map(() => whole)).map(([x, y]) => [x, y, whole[2]]);
    let radius = 0.01;
    points.forEach((some, frame) => {
      for (const [place, r] of some) radius = Math.max(radius, Math.hypot(...Vec.subtract(place, this.#path[frame])) + r);
    });
    this.size = 2 * radius;
  }

  /** Means over half a second to either side, fewer near the ends. */
  #smoothed(points) {
    const reach = Math.round(0.5 / this.interval);
    return points.map((_, frame) => {
      const near = Math.min(reach, frame, this.frames - 1 - frame);
      const some = points.slice(frame - near, frame + near + 1);
      return Vec.scale(some.reduce(Vec.add), 1 / some.length);
    });
  }

  /** The frame before `time`, and how far it is from there to the next, 0…1. */
  #place(time) {
    const place = Math.min(Math.max(time / this.interval, 0), this.frames - 1);
    const frame = Math.min(Math.floor(place), Math.max(0, this.frames - 2));
    return [frame, this.frames > 1 ? place - frame : 0];
  }

  /** The number of the frame that stands nearest to `time`. */
  nearest(time) {
    return Math.min(Math.max(Math.round(time / this.interval), 0), this.frames - 1);
  }

  /** Where everything stands `time` seconds after the start. */
  moment(time) {
    const [i, share] = this.#place(time);
    const j = Math.min(i + 1, this.frames - 1);
    const at = (frame) => Float32Array.from(this.poses, (values) => values[frame]);
    const poses = mixedPoses(at(i), at(j), share);
    return {
      poses,
      // As the curves tell it, at a whole frame.
      quantities: this.quantities.map((quantity) => ({
        direction: quantity.direction, actual: quantity.values[this.nearest(time)], target: quantity.target?.[this.nearest(time)],
      })),
      // A target that has jumped is nowhere in between.
      markers: this.#markers.map(({radius, values}) => [...values.map((v) => v[share > 0.5 ? j : i]), radius]),
    };
  }

  /** What the camera looks at, m. */
  target(time) {
    const [i, share] = this.#place(time);
    const j = Math.min(i + 1, this.frames - 1);
    return Vec.add(Vec.scale(this.#path[i], 1 - share), Vec.scale(this.#path[j], share));
  }
}
