"use strict";

/** Shows a robot that a simulation moves at real time, steers it, and pushes it. */
class Play {
  /** Velocity that a push gives for each meter of its arrow, 1/s. */
  static #pushRate = 4;
  #find = (id) => document.getElementById(id);
  #document;
  #stage;
  #pilot = null;
  #gauges;
  #socket = null;
  #sent = "";
  /** The last two messages, with the moments when they came, ms. */
  #before = null;
  #last = null;
  /** What the camera looks at, m, and the robot's size, m. */
  #target = null;
  #size = 0;
  #yaw = null;
  #drag = null;
  #shown = 0;
  #falls = 0;
  /** The simulation's time and the clock's, s, for the pace of one against the other. */
  #pace = null;

  constructor(document) {
    this.#document = document;
    const canvas = this.#find("view");
    canvas.addEventListener("pointerdown", (event) => this.#grab(event));
    canvas.addEventListener("pointermove", (event) => this.#pull(event));
    canvas.addEventListener("pointerup", () => this.#letGo());
    canvas.addEventListener("pointercancel", () => (this.#drag = null));
    this.#stage = new Stage(canvas, () => {}, () => {});
    this.#stage.setParts(document);
    this.#gauges = new Gauges(document.quantities, document.steering ?? {});
    this.#find("restart").addEventListener("click", () => this.#send("restart"));
    this.#find("shove").addEventListener("click", () => this.#shove());
    this.#find("reset").addEventListener("click", () => this.#resetView());
    this.#find("chase-label").hidden = document.steering === null;
    if (document.steering !== null) this.#startSteering(document.steering);
    if (!this.#canPush) {
      for (const id of ["shove", "push-hint"]) this.#find(id).hidden = true;
      canvas.setAttribute("aria-label", "The robot at work. Drag to turn the view.");
    }
    this.#connect();
    requestAnimationFrame((now) => this.#tick(now));
  }

  #startSteering(limits) {
    for (const id of ["steering", "strip"]) this.#find(id).hidden = false;
    for (const row of this.#find("keys").children) {
      const [low, high] = limits[row.dataset.needs] ?? [0, 1];
      row.hidden = low === high;
    }
    const marks = [...this.#find("keys").querySelectorAll("kbd")];
    this.#pilot = new Pilot(limits, (held, isSlow) => {
      for (const mark of marks) {
        const key = mark.textContent;
        mark.classList.toggle("held", key === "Shift" ? isSlow : held.has(`Key${key}`));
      }
    });
  }

  // Messages

  #connect() {
    const socket = new WebSocket(`ws://${location.host}/play`);
    socket.addEventListener("open", () => {
      this.#socket = socket;
      this.#sent = "";
    });
    socket.addEventListener("message", ({data}) => this.#take(JSON.parse(data)));
    socket.addEventListener("close", () => {
      this.#socket = null;
      setTimeout(() => this.#connect(), 1000);
    });
  }

  #send(text) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  #take(message) {
    const isOver = message.ending !== null;
    if (isOver && this.#last && this.#last.ending === null && message.ending !== "truncated") this.#falls += 1;
    this.#before = this.#last;
    this.#last = {...message, poses: Float32Array.from(message.poses), arrived: performance.now()};
    if (!isOver) this.#gauges.take(message);
    if (this.#before?.episode !== message.episode) {
      this.#target = null;
      this.#pace = null;
    }
  }

  /** What the robot looks like now: between the last two messages, a message's time late. */
  #moment(now) {
    const [a, b] = [this.#before, this.#last];
    const share = a && a.episode === b.episode ? Math.min((now - b.arrived) / Math.max(b.arrived - a.arrived, 1), 1) : 1;
    return {
      poses: share < 1 ? mixedPoses(a.poses, b.poses, share) : b.poses,
      markers: b.markers,
      arrows: [],
      quantities: this.#document.quantities.map(({direction}, i) => ({direction, actual: b.quantities[i][0], target: b.quantities[i][1]})),
    };
  }

  // The picture

  #tick(now) {
    requestAnimationFrame((next) => this.#tick(next));
    this.#steer();
    const seconds = this.#shown ? Math.min((now - this.#shown) / 1000, 0.25) : 0;
    this.#shown = now;
    if (seconds > 0) this.#stage.keepPace(seconds);
    this.#tell();
    if (!this.#last) return;
    const moment = this.#moment(performance.now());
    this.#look(moment, seconds);
    const {ground} = this.#document;
    const root = [...moment.poses.slice(0, 7)];
    moment.arrows = MotionArrows.of(root, moment.quantities, this.#size, ground, this.#stage.colors);
    if (this.#drag) moment.arrows.push(...this.#pushArrow(moment));
    this.#stage.draw(moment, this.#target, this.#size, ground);
    this.#gauges.draw(now);
  }

  /** Moves the camera along, and finds how large the robot is. */
  #look(moment, seconds) {
    const places = [];
    this.#document.parts.forEach(({shapes}, part) => {
      const [x, y, z, ...orientation] = moment.poses.slice(7 * part, 7 * part + 7);
      for (const [place, radius] of shapes.flatMap(corners)) places.push([Vec.add([x, y, z], turn(orientation, place)), radius]);
    });
    for (const [x, y, z, radius] of moment.markers) places.push([[x, y, z], radius]);
    const middle = [0, 1, 2].map((k) => {
      const ends = places.map(([place, radius]) => [place[k] - radius, place[k] + radius]);
      return (Math.min(...ends.map(([low]) => low)) + Math.max(...ends.map(([, high]) => high))) / 2;
    });
    const isFollowing = this.#document.floats && this.#find("follow").checked;
    if (this.#target === null || (isFollowing && Math.hypot(...Vec.subtract(middle, this.#target)) > 3 * this.#size)) {
      this.#target = middle;
    } else if (isFollowing) {
      // Nothing is followed up and down at once.
      const [swift, slow] = [1 - Math.exp(-6 * seconds), 1 - Math.exp(-1 * seconds)];
      this.#target = this.#target.map((x, k) => x + (k < 2 ? swift : slow) * (middle[k] - x));
    }
    if (isFollowing || this.#size === 0) {
      const reach = Math.max(0.01, ...places.map(([place, r]) => Math.hypot(...Vec.subtract(place, middle)) + r));
      this.#size = Math.max(this.#size, 2.2 * reach);
    }
    const yaw = heading([...moment.poses.slice(3, 7)]);
    if (this.#document.steering !== null && this.#find("chase").checked) this.#chase(yaw, seconds);
    else this.#yaw = null;
  }

  /** Turns the camera as the robot turns; it stands behind it at first. */
  #chase(yaw, seconds) {
    const camera = this.#stage.camera;
    const wrapped = (angle) => Math.atan2(Math.sin(angle), Math.cos(angle));
    if (this.#yaw === null) {
      this.#yaw = yaw;
      camera.azimuth = (yaw * 180) / Math.PI - 160;
      camera.elevation = 20;
      return;
    }
    const turned = wrapped(yaw - this.#yaw) * (1 - Math.exp(-3 * seconds));
    this.#yaw += turned;
    camera.azimuth += (turned * 180) / Math.PI;
  }

  #resetView() {
    this.#stage.camera.reset();
    this.#yaw = null;
    this.#size = 0;
    this.#target = null;
  }

  #tell() {
    const message = this.#last;
    const notice =
      this.#socket === null
        ? message === null ? "Connecting …" : "No connection: ppo-robot play has ended, or stands still"
        : message?.ending ? `${endingNotices[message.ending] ?? message.ending}; a new start comes` : this.#push ?? "";
    const box = this.#find("notice");
    if (box.textContent !== notice) box.textContent = notice;
    box.hidden = notice === "";
    if (!message) return;
    const clock = performance.now() / 1000;
    this.#pace ??= {time: message.time, clock, share: 1};
    if (clock - this.#pace.clock > 2) {
      const share = (message.time - this.#pace.time) / (clock - this.#pace.clock);
      this.#pace = {time: message.time, clock, share};
    }
    const facts = [
      ["Time", `${message.time.toFixed(1)} s`], ["Starts", String(message.episode)], ["Falls", String(this.#falls)],
      ["Pace", this.#pace.share > 0.95 || message.ending ? "real time" : `${this.#pace.share.toFixed(2)} × real time`],
    ];
    const list = this.#find("facts");
    if (list.childElementCount === 0) {
      list.append(...facts.map(([name]) => {
        const row = document.createElement("div");
        row.append(Object.assign(document.createElement("dt"), {textContent: name}), document.createElement("dd"));
        return row;
      }));
    }
    facts.forEach(([, value], i) => {
      const cell = list.children[i].lastElementChild;
      if (cell.textContent !== value) cell.textContent = value;
    });
  }

  // Steering

  #steer() {
    if (!this.#pilot) return;
    const name = this.#pilot.padName;
    const words = name === null ? "A gamepad works too: press one of its buttons." : `Gamepad: ${name}. Left stick: go; right stick: turn.`;
    const gamepad = this.#find("gamepad");
    if (gamepad.textContent !== words) gamepad.textContent = words;
    const {forward, sideways, turning} = this.#pilot.velocity;
    const order = `steer ${forward.toFixed(3)} ${sideways.toFixed(3)} ${turning.toFixed(3)}`;
    if (order === this.#sent || this.#socket === null) return;
    this.#send(order);
    this.#sent = order;
  }

  // Pushing

  /** An env without physics has nothing that a push could act on. */
  get #canPush() {
    return this.#document.greatest_push > 0;
  }

  #grab(event) {
    if (!this.#canPush || event.button !== 0 || event.shiftKey || !this.#last) return;
    const ray = this.#stage.ray(event.clientX, event.clientY);
    if (!ray) return;
    const depth = Math.hypot(...Vec.subtract(this.#target, ray.from));
    const found = Picker.part(this.#document.parts, this.#last.poses, ray, 6 * this.#stage.metersPerPoint(depth));
    if (!found) return;
    // The camera is not to turn meanwhile.
    event.stopImmediatePropagation();
    this.#find("view").setPointerCapture(event.pointerId);
    const pose = [...this.#last.poses.slice(7 * found.part, 7 * found.part + 7)];
    const [w, x, y, z] = pose.slice(3);
    this.#drag = {
      part: found.part, start: [event.clientX, event.clientY], change: [0, 0, 0],
      // Where in the part, so that the arrow goes with it.
      point: turn([w, -x, -y, -z], Vec.subtract(found.point, pose.slice(0, 3))), depth,
    };
  }

  #pull(event) {
    const drag = this.#drag;
    if (!drag) return this.#hover(event);
    const ray = this.#stage.ray(event.clientX, event.clientY);
    const scale = this.#stage.metersPerPoint(drag.depth) * Play.#pushRate;
    const [dx, dy] = [(event.clientX - drag.start[0]) * scale, (event.clientY - drag.start[1]) * scale];
    // Up in the picture is away from the eye; pushes are level.
    const away = Vec.normalize([-ray.back[0], -ray.back[1], 0]);
    const change = Vec.add(Vec.scale(ray.right, dx), Vec.scale(away, -dy));
    const length = Math.hypot(...change);
    drag.change = Vec.scale(change, Math.min(1, this.#document.greatest_push / Math.max(length, 1e-9)));
  }

  #hover(event) {
    if (!this.#canPush || !this.#last || event.buttons !== 0) return;
    const ray = this.#stage.ray(event.clientX, event.clientY);
    const slack = ray ? 6 * this.#stage.metersPerPoint(Math.hypot(...Vec.subtract(this.#target, ray.from))) : 0;
    const isOver = ray !== null && Picker.part(this.#document.parts, this.#last.poses, ray, slack) !== null;
    this.#find("view").classList.toggle("pushes", isOver);
  }

  /** How hard the push under way is, in words. */
  get #push() {
    const speed = this.#drag ? Math.hypot(...this.#drag.change) : 0;
    return speed > 0 ? `Push: ${speed.toFixed(1)} m/s` : null;
  }

  #pushArrow({poses}) {
    const {part, point, change} = this.#drag;
    if (Math.hypot(...change) < 0.02) return [];
    const pose = [...poses.slice(7 * part, 7 * part + 7)];
    const start = Vec.add(pose.slice(0, 3), turn(pose.slice(3), point));
    const end = Vec.add(start, Vec.scale(change, 1 / Play.#pushRate));
    return [{points: [start, end], radius: 0.012 * this.#size, color: this.#stage.colors.push}];
  }

  #letGo() {
    if (this.#drag) this.#shoveBy(this.#drag.part, this.#drag.change);
    this.#drag = null;
  }

  /** Pushes the root from a side at random: for those without a mouse. */
  #shove() {
    const angle = 2 * Math.PI * Math.random();
    const speed = Math.min(0.7 * Math.sqrt(Math.max(this.#size, 0.01)), this.#document.greatest_push);
    this.#shoveBy(0, [speed * Math.cos(angle), speed * Math.sin(angle), 0]);
  }

  #shoveBy(part, change) {
    if (Math.hypot(...change) >= 0.02) this.#send(`push ${part} ${change.map((x) => x.toFixed(4)).join(" ")}`);
  }
}

/** How an episode has ended, in words; other reasons are the task's own. */
const endingNotices = {truncated: "The time is over", fault: "The physics failed", fell: "It fell", touched: "It touched the ground"};
