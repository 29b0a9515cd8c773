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
    \(PlotPage.style(series: 1))
    \(style)
    </style>
    </head>
    <body>
    <main>
    <h1 id="name">A training</h1>
    <p id="status" role="status">Asking …</p>
    <progress id="share" max="1" value="0" aria-label="Share of the training that is done"></progress>
    <dl id="figures"></dl>
    <section aria-labelledby="doctor-title">
    <h2 id="doctor-title">Doctor</h2>
    <ul id="doctor" aria-live="polite"></ul>
    </section>
    <section id="robot" aria-labelledby="robot-title" hidden>
    <h2 id="robot-title">The present policy</h2>
    </section>
    <section aria-labelledby="curves-title">
    <h2 id="curves-title">Curves</h2>
    <div id="curves"></div>
    </section>
    </main>
    <script>
    \(PlotScript.text)
    \(script)
    </script>
    </body>
    </html>

    """

  private static let style = """
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
        ["Env steps", whole(state.steps)], ["of", whole(state.total_steps)], ["Steps a second", whole(state.steps_per_second)],
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
      const plot = part("curves").querySelector(".plot");
      if (plot !== null) readOff(plot);
    }

    async function look() {
      try {
        if (!document.hidden) {
          const state = await (await ask("state")).json();
          showState(state);
          await showCurves(state);
          if (typeof showEpisode === "function") await showEpisode(state);
        }
      } catch (error) {
        write("status", `No answer; the training may be over, or its page closed. (${error.message})`);
      }
      setTimeout(look, 1000 * seconds);
    }
    look();
    """
}
