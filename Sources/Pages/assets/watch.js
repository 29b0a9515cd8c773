"use strict";

// Asks the server for what is new every few seconds, and shows it.
{
  const part = id => document.getElementById(id);
  const seconds = 2.5;
  const clock = value => {
    if (!Number.isFinite(value)) return "–";
    const whole = Math.round(value), two = part => String(part).padStart(2, "0");
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  };
  const whole = value => Number.isFinite(value) ? groupedNumber(Math.round(value)) : "–";
  const unitOf = (value, unit) => value === null || value === undefined ? "–" : `${shortNumber(value)}${unit}`;
  const ask = async path => {
    const answer = await fetch(path, { signal: AbortSignal.timeout(20000) });
    if (!answer.ok) throw new Error((await answer.json()).error);
    return answer;
  };
  // Only what changes is written, so that a screen reader does not repeat the same text.
  const write = (id, text) => { if (part(id).textContent !== text) part(id).textContent = text; };
  const seen = { curves: "", doctor: "", policy: null };

  const words = { starting: "The training is starting.", training: "Training.", complete: "The training is complete." };
  function showState(state) {
    write("name", state.robot ?? "A training");
    document.title = state.robot ? `${state.robot}: ${Math.floor(100 * state.steps / state.total_steps)} %` : "ppo-robot";
    write("status", words[state.status] ?? `Nothing new for ${clock(state.silent_s)} min: it has stopped, or takes its time.`);
    part("share").value = state.steps / state.total_steps || 0;
    const figures = state.robot === undefined ? [] : [
      ["Return", unitOf(state.return, "")], ["Success", unitOf(state.success === null ? null : 100 * state.success, " %")],
      ["Episode length", unitOf(state.length_s, " s")],
      ["Env steps", `${whole(state.steps)} / ${whole(state.total_steps)}`], ["Steps a second", whole(state.steps_per_second)],
      ["Trained for", clock(state.training_seconds)], ["Time left", state.status === "complete" ? "–" : clock(state.seconds_left)]];
    part("figures").replaceChildren(...figures.map(([name, value]) => {
      const box = document.createElement("div");
      box.append(Object.assign(document.createElement("dt"), { textContent: name }),
        Object.assign(document.createElement("dd"), { textContent: value }));
      return box;
    }));
    const doctor = (state.doctor ?? []).map(finding => `${finding.sentence}; ${finding.hint}.`);
    if (doctor.length === 0) doctor.push("No problems found.");
    if (seen.doctor !== doctor.join("\n")) {
      seen.doctor = doctor.join("\n");
      part("doctor").replaceChildren(...doctor.map(text => Object.assign(document.createElement("li"), { textContent: text })));
    }
  }

  async function showCurves(state) {
    const version = `${state.run_dir} ${state.rows} ${state.evaluations}`;
    if (state.rows === undefined || seen.curves === version) return;
    const slider = part("curves").querySelector("input");
    // The chart stays while values are read off it.
    if (slider !== null && (slider.value !== slider.max || document.activeElement === slider)) return;
    part("curves").innerHTML = await (await ask("curves")).text();
    seen.curves = version;
    // The most important finding is also shown at the top.
    const chosen = ["return", "evaluation/success", "length_s"].map(figure => part("curves").querySelector(`svg[data-figure="${figure}"]`));
    part("key").replaceChildren(...chosen.filter(svg => svg !== null).map(svg => {
      const box = document.createElement("div");
      const copy = svg.cloneNode(true);
      copy.removeAttribute("data-figure");
      box.append(copy);
      return box;
    }));
    const plot = part("curves").querySelector(".curves");
    if (plot !== null) readOff(plot);
  }

  // One for each policy: the next is taken when the one before has been played. If playback is paused in the middle of one
  // is not disturbed.
  let player = null, isAsking = false;
  async function showEpisode(state) {
    const { episode, time, isPlaying } = player?.state ?? {};
    if (state.policy == null || state.policy === seen.policy || isAsking) return;
    if (isPlaying || (time > 0 && time < episode.seconds)) return;
    isAsking = true;
    try {
      const document = await (await ask("episode")).json();
      seen.policy = state.policy;
      if (document === null) return;
      part("robot").hidden = false;
      player ??= new Player();
      player.open(document);
      player.seek(0);
      if (!matchMedia("(prefers-reduced-motion: reduce)").matches) player.toggle();
    } finally { isAsking = false; }
  }

  async function look() {
    try {
      if (!document.hidden) {
        const state = await (await ask("state")).json();
        showState(state);
        await showCurves(state);
        showEpisode(state).catch(() => {});
      }
    } catch (error) {
      write("status", `No answer; the training may be over, or its page closed. (${error.message})`);
    }
    setTimeout(look, 1000 * seconds);
  }
  look();
}
