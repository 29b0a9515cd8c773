/// The page on which a run is watched. It asks the server for what is new every few seconds.
enum WatchPage {
  static let html = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>ppo-robot</title>
    <style>
    \(WebPage.part("page.css"))
    \(PlotPage.style(series: 1))
    \(style)
    </style>
    </head>
    <body>
    <header>
    <h1 id="name">A training</h1>
    <p id="status" role="status">Asking …</p>
    </header>
    <main>
    <progress id="share" max="1" value="0" aria-label="Share of the training that is done"></progress>
    <dl id="figures"></dl>
    <section aria-labelledby="doctor-title">
    <h2 id="doctor-title">Doctor</h2>
    <ul id="doctor" aria-live="polite"></ul>
    </section>
    <section id="robot" aria-labelledby="robot-title" hidden>
    <h2 id="robot-title">The present policy</h2>
    <div id="episodes" role="group" aria-label="Episodes"></div>
    <div class="theatre">
    \(WebPage.part("player.html"))
    </div>
    </section>
    <section aria-labelledby="curves-title">
    <h2 id="curves-title">Training curves</h2>
    <div id="curves"></div>
    </section>
    </main>
    <script>
    \(WebPage.playerScript)
    \(PlotScript.text)
    {
    \(script)
    }
    </script>
    </body>
    </html>

    """

  private static let style = """
    body { display: block; height: auto; overflow: visible; }
    main { display: block; max-width: 1440px; }
    main > section > h2, .curves h2 { font-size: 16px; margin: 20px 0 8px; }
    .theatre { margin-top: 8px; }
    #view { height: 52vh; }
    .panels > div { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; padding: 6px; }
    .panels { margin: 8px 0; }
    @media (min-width: 1000px) {
      .theatre { display: grid; grid-template-columns: minmax(0, 1.75fr) minmax(0, 1fr); gap: 12px; height: 72vh; }
      #view { flex: 1; height: auto; }
    }
    #share { width: 100%; max-width: 40rem; height: 1rem; }
    #figures { display: flex; flex-wrap: wrap; gap: .3rem 2rem; margin: .5rem 0; }
    #figures div { min-width: 6rem; }
    #figures dt { font-size: .8rem; }
    #figures dd { margin: 0; font-size: 1.2rem; font-variant-numeric: tabular-nums; }
    #doctor { margin: 0; padding-left: 1.2rem; }
    """

  private static let script = """
    const part = id => document.getElementById(id);
    const seconds = 2.5;
    const clock = value => {
      if (!Number.isFinite(value)) return "–";
      const whole = Math.round(value), two = part => String(part).padStart(2, "0");
      const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
      return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
    };
    const whole = value => Number.isFinite(value) ? Math.round(value).toLocaleString("en") : "–";
    const ask = async path => {
      const answer = await fetch(path, { signal: AbortSignal.timeout(20000) });
      if (!answer.ok) throw new Error((await answer.json()).error);
      return answer;
    };
    // Only what changes is written, so that a screen reader is not told the same again and again.
    const write = (id, text) => { if (part(id).textContent !== text) part(id).textContent = text; };
    const seen = { curves: "", doctor: "", policy: null };

    const words = { starting: "The training is starting.", training: "Training.", complete: "The training is complete." };
    function showState(state) {
      write("name", state.robot ?? "A training");
      document.title = state.robot ? `${state.robot}: ${Math.floor(100 * state.steps / state.total_steps)} %` : "ppo-robot";
      write("status", words[state.status] ?? `Nothing new for ${clock(state.silent_s)} min: it has stopped, or takes its time.`);
      part("share").value = state.steps / state.total_steps || 0;
      const figures = state.robot === undefined ? [] : [
        ["Env steps", `${whole(state.steps)} of ${whole(state.total_steps)}`], ["Steps a second", whole(state.steps_per_second)],
        ["Trained for", clock(state.training_seconds)], ["Time left", state.status === "complete" ? "–" : clock(state.seconds_left)]];
      part("figures").replaceChildren(...figures.map(([name, value]) => {
        const box = document.createElement("div");
        box.append(Object.assign(document.createElement("dt"), { textContent: name }),
          Object.assign(document.createElement("dd"), { textContent: value }));
        return box;
      }));
      const doctor = (state.doctor ?? []).map(finding => `${finding.sentence}; ${finding.hint}.`);
      if (doctor.length === 0) doctor.push("Nothing is wrong as far as can be told.");
      if (seen.doctor !== doctor.join("\\n")) {
        seen.doctor = doctor.join("\\n");
        part("doctor").replaceChildren(...doctor.map(text => Object.assign(document.createElement("li"), { textContent: text })));
      }
    }

    async function showCurves(state) {
      const version = `${state.run_dir} ${state.rows} ${state.evaluations}`;
      if (state.rows === undefined || seen.curves === version) return;
      const slider = part("curves").querySelector("input");
      // Whoever reads values off is not disturbed.
      if (slider !== null && (slider.value !== slider.max || document.activeElement === slider)) return;
      part("curves").innerHTML = await (await ask("curves")).text();
      seen.curves = version;
      const plot = part("curves").querySelector(".curves");
      if (plot !== null) readOff(plot);
    }

    // One for each policy: the next is taken when the one before has been played. Whoever stands still in the midst of one
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
    """
}
