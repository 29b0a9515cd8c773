"use strict";

/** Draws a robot on its floor: one light that casts shadows, a sky that brightens what looks up. */
class Scene {
  static #common = `#version 300 es
    precision highp float;
    precision highp sampler2DShadow;`;

  static #light = `
    uniform sampler2DShadow shadows;
    uniform vec3 toLight;
    // How much of the light comes through: looks at the depth seen from the light, each smoothed by the hardware, that
    // are spread evenly over a disc (Vogel's sunflower), so that shadows have soft edges.
    float lit(vec4 place) {
      vec3 p = place.xyz / place.w * 0.5 + 0.5;
      if (any(lessThan(p, vec3(0.0))) || any(greaterThan(p, vec3(1.0)))) return 1.0;
      float sum = 0.0;
      const int looks = 14;
      const float radius = 3.6 / 1024.0;
      for (int i = 0; i < looks; ++i) {
        float r = radius * sqrt((float(i) + 0.5) / float(looks));
        float a = 2.399963 * float(i);
        sum += texture(shadows, p + vec3(r * cos(a), r * sin(a), 0.0));
      }
      sum /= float(looks);
      float edge = max(abs(p.x - 0.5), abs(p.y - 0.5));
      return mix(sum, 1.0, smoothstep(0.4, 0.5, edge));
    }
    vec3 linear(vec3 c) { return c * c * (c * 0.305 + 0.6825) + c * 0.0125; }
    vec3 encoded(vec3 c) { return pow(max(c, 0.0), vec3(1.0 / 2.2)); }`;

  static #bodyVertex = `${Scene.#common}
    in vec3 position, normal, color;
    uniform mat4 model, camera, sun;
    uniform float bias;
    out vec3 worldNormal, albedo, place;
    out vec4 sunPlace;
    void main() {
      vec4 world = model * vec4(position, 1.0);
      worldNormal = mat3(model) * normal;
      albedo = color;
      place = world.xyz;
      // Looked up a little off the surface, so that it does not shade itself.
      sunPlace = sun * vec4(world.xyz + worldNormal * bias, 1.0);
      gl_Position = camera * world;
    }`;

  static #bodyFragment = `${Scene.#common}
    in vec3 worldNormal, albedo, place;
    in vec4 sunPlace;
    uniform vec3 eye;
    uniform float opacity;
    out vec4 result;
    ${Scene.#light}
    void main() {
      vec3 n = normalize(worldNormal);
      vec3 toEye = normalize(eye - place);
      float facing = dot(n, toLight);
      float light = facing > 0.0 ? facing * lit(sunPlace) : 0.0;
      vec3 sky = mix(vec3(0.20, 0.19, 0.18), vec3(0.50, 0.53, 0.58), n.z * 0.5 + 0.5);
      vec3 c = linear(albedo) * (sky + light * vec3(1.05, 1.0, 0.92));
      float gloss = pow(max(dot(n, normalize(toLight + toEye)), 0.0), 40.0);
      c += light * gloss * 0.18 + pow(1.0 - max(dot(n, toEye), 0.0), 4.0) * 0.06;
      result = vec4(encoded(c) * opacity, opacity);
    }`;

  static #floorVertex = `${Scene.#common}
    in vec2 corner;
    uniform mat4 camera, sun;
    uniform vec4 middle;
    uniform float reach;
    out vec3 place;
    out vec4 sunPlace;
    void main() {
      place = vec3(middle.xy + corner * reach, middle.w);
      sunPlace = sun * vec4(place, 1.0);
      gl_Position = camera * vec4(place, 1.0);
    }`;

  static #floorFragment = `${Scene.#common}
    in vec3 place;
    in vec4 sunPlace;
    uniform vec4 middle;
    uniform float reach, cell;
    uniform vec3 even, odd, horizon;
    out vec4 result;
    ${Scene.#light}
    void main() {
      // The chequers' mean over what one pixel covers.
      vec2 p = place.xy / cell;
      vec2 w = max(fwidth(p), 1e-5);
      vec2 i = 2.0 * (abs(fract((p - 0.5 * w) * 0.5) - 0.5) - abs(fract((p + 0.5 * w) * 0.5) - 0.5)) / w;
      vec3 tile = mix(even, odd, 0.5 - 0.5 * i.x * i.y);
      float far = length(place.xy - middle.xy) / reach;
      if (far > 0.98) discard;
      float shade = mix(0.48, 1.0, lit(sunPlace));
      result = vec4(mix(tile * shade, horizon, smoothstep(0.15, 0.95, far)), 1.0);
    }`;

  static #depthVertex = `${Scene.#common}
    in vec3 position;
    uniform mat4 model, sun;
    void main() { gl_Position = sun * model * vec4(position, 1.0); }`;

  static #depthFragment = `${Scene.#common} void main() {}`;

  static #shadowSize = 1024;
  static #toLight = Vec.normalize([0.35, -0.55, 1.0]);

  #gl;
  #body;
  #floor;
  #depth;
  #shadowMap;
  #shadowFrame;
  #parts = [];
  /** What only stands about. */
  #scenery = null;
  #square;
  #ball;
  #arrows = null;

  /** @throws if there is no WebGL 2 */
  constructor(canvas) {
    const gl = canvas.getContext("webgl2", {antialias: false, alpha: false});
    if (!gl) throw new Error("this browser has no WebGL 2");
    this.#gl = gl;
    this.#body = this.#program(Scene.#bodyVertex, Scene.#bodyFragment, ["position", "normal", "color"]);
    this.#floor = this.#program(Scene.#floorVertex, Scene.#floorFragment, ["corner"]);
    this.#depth = this.#program(Scene.#depthVertex, Scene.#depthFragment, ["position"]);
    this.#makeShadowMap();
    this.#square = this.#buffers([-1, -1, 1, -1, -1, 1, 1, 1], [0, 1, 2, 2, 1, 3], [2]);
    const ball = new Mesh();
    ball.add({kind: "sphere", size: [1], at: [0, 0, 0, 1, 0, 0, 0], color: "#e0362c"});
    this.#ball = this.#buffers(ball.vertices, ball.indices, [3, 3, 3]);
    gl.enable(gl.DEPTH_TEST);
    gl.enable(gl.CULL_FACE);
  }

  #program(vertex, fragment, attributes) {
    const gl = this.#gl;
    const program = gl.createProgram();
    for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
    }
    attributes.forEach((name, i) => gl.bindAttribLocation(program, i, name));
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
    const places = {};
    for (let i = 0; i < gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS); ++i) {
      const name = gl.getActiveUniform(program, i).name;
      places[name] = gl.getUniformLocation(program, name);
    }
    return {program, places};
  }

  #makeShadowMap() {
    const gl = this.#gl;
    this.#shadowMap = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.#shadowMap);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.DEPTH_COMPONENT24, Scene.#shadowSize, Scene.#shadowSize);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_COMPARE_MODE, gl.COMPARE_REF_TO_TEXTURE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    this.#shadowFrame = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#shadowFrame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, this.#shadowMap, 0);
    gl.drawBuffers([gl.NONE]);
    gl.readBuffer(gl.NONE);
  }

  /** @param sizes how many numbers each attribute takes of a corner, in turn */
  #buffers(vertices, indices, sizes) {
    const gl = this.#gl;
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    const buffers = [gl.createBuffer(), gl.createBuffer()];
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[0]);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(vertices), gl.STATIC_DRAW);
    const stride = 4 * sizes.reduce((a, b) => a + b);
    let offset = 0;
    sizes.forEach((size, i) => {
      gl.enableVertexAttribArray(i);
      gl.vertexAttribPointer(i, size, gl.FLOAT, false, stride, offset);
      offset += 4 * size;
    });
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers[1]);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint32Array(indices), gl.STATIC_DRAW);
    gl.bindVertexArray(null);
    return {array, buffers, count: indices.length};
  }

  /** Takes the parts and the scenery of an episode document. */
  setParts(parts, scenery) {
    if (this.#scenery) this.#delete(this.#scenery);
    for (const part of this.#parts) this.#delete(part);
    const build = (shapes) => {
      const mesh = new Mesh();
      for (const shape of shapes) mesh.add(shape);
      return this.#buffers(mesh.vertices, mesh.indices, [3, 3, 3]);
    };
    this.#parts = parts.map((part) => build(part.shapes));
    this.#scenery = build(scenery);
  }

  /**
   * @param moment `poses` (seven numbers a part), `markers` (place and radius each) and, if any, `arrows`
   * @param view `eye`, `target`, `slope`, `size` (m, of what is looked at), `ground` (m, or null) and `cell` (m)
   * @param colors `sky`, `even` and `odd`, each three numbers in 0…1
   */
  draw(moment, view, colors) {
    const gl = this.#gl;
    const {drawingBufferWidth: width, drawingBufferHeight: height} = gl;
    const models = this.#parts.map((_, i) => Matrix.pose(moment.poses, 7 * i));
    const reach = 1.3 * view.size;
    const sun = Matrix.product(
      Matrix.orthographic(reach, 3 * reach),
      Matrix.lookAt(Vec.add(view.target, Vec.scale(Scene.#toLight, 0.1 * reach)), view.target));

    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#shadowFrame);
    gl.viewport(0, 0, Scene.#shadowSize, Scene.#shadowSize);
    gl.clear(gl.DEPTH_BUFFER_BIT);
    gl.useProgram(this.#depth.program);
    gl.uniformMatrix4fv(this.#depth.places.sun, false, sun);
    gl.enable(gl.POLYGON_OFFSET_FILL);
    gl.polygonOffset(1.5, 2);
    const drawBodies = (place) => {
      this.#parts.forEach((part, i) => {
        gl.uniformMatrix4fv(place, false, models[i]);
        this.#drawTriangles(part);
      });
      gl.uniformMatrix4fv(place, false, Matrix.identity);
      this.#drawTriangles(this.#scenery);
    };
    const drawBalls = (place) => {
      for (const [x, y, z, r] of moment.markers) {
        gl.uniformMatrix4fv(place, false, [r, 0, 0, 0, 0, r, 0, 0, 0, 0, r, 0, x, y, z, 1]);
        this.#drawTriangles(this.#ball);
      }
    };
    drawBodies(this.#depth.places.model);
    drawBalls(this.#depth.places.model);
    gl.disable(gl.POLYGON_OFFSET_FILL);

    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, width, height);
    gl.clearColor(...colors.sky, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    const distance = Math.hypot(...Vec.subtract(view.eye, view.target));
    const camera = Matrix.product(
      Matrix.perspective(view.slope, width / height, 0.05 * distance, distance + 14 * view.size),
      Matrix.lookAt(view.eye, view.target));
    const use = ({program, places}) => {
      gl.useProgram(program);
      gl.uniformMatrix4fv(places.camera, false, camera);
      gl.uniformMatrix4fv(places.sun, false, sun);
      gl.uniform3fv(places.toLight, Scene.#toLight);
      gl.bindTexture(gl.TEXTURE_2D, this.#shadowMap);
      return places;
    };

    let places = use(this.#body);
    gl.uniform3fv(places.eye, view.eye);
    gl.uniform1f(places.bias, 0.004 * view.size);
    gl.uniform1f(places.opacity, 1);
    drawBodies(places.model);
    if (moment.arrows?.length > 0) this.#drawArrows(moment.arrows, places);

    if (view.ground !== null) {
      places = use(this.#floor);
      // From below one looks through it.
      gl.uniform4f(places.middle, view.target[0], view.target[1], 0, view.ground);
      gl.uniform1f(places.reach, 7 * view.size);
      gl.uniform1f(places.cell, view.cell);
      gl.uniform3fv(places.even, colors.even);
      gl.uniform3fv(places.odd, colors.odd);
      gl.uniform3fv(places.horizon, colors.sky);
      this.#drawTriangles(this.#square);
    }

    if (moment.markers.length > 0) {
      places = use(this.#body);
      gl.uniform1f(places.opacity, 0.55);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      // Its own shadow is not to fall on it.
      gl.uniform1f(places.bias, 0.05 * view.size);
      drawBalls(places.model);
      gl.disable(gl.BLEND);
    }
  }

  /** Draws arrows (`points`, `radius` and `color` each) with the program for bodies, which is in use. */
  #drawArrows(arrows, places) {
    const gl = this.#gl;
    const mesh = new Mesh();
    for (const arrow of arrows) mesh.addArrow(arrow);
    if (this.#arrows) this.#delete(this.#arrows);
    this.#arrows = this.#buffers(mesh.vertices, mesh.indices, [3, 3, 3]);
    gl.uniformMatrix4fv(places.model, false, Matrix.identity);
    this.#drawTriangles(this.#arrows);
  }

  #delete({array, buffers}) {
    this.#gl.deleteVertexArray(array);
    for (const buffer of buffers) this.#gl.deleteBuffer(buffer);
  }

  #drawTriangles({array, count}) {
    this.#gl.bindVertexArray(array);
    this.#gl.drawElements(this.#gl.TRIANGLES, count, this.#gl.UNSIGNED_INT, 0);
  }
}
