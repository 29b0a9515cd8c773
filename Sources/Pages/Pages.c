#include "Pages.h"

#include <string.h>

static const unsigned char page_css[] = {
#embed "assets/page.css"
};

static const unsigned char replay_html[] = {
#embed "assets/replay.html"
};

static const unsigned char player_html[] = {
#embed "assets/player.html"
};

static const unsigned char geometry_js[] = {
#embed "assets/geometry.js"
};

static const unsigned char scene_js[] = {
#embed "assets/scene.js"
};

static const unsigned char camera_js[] = {
#embed "assets/camera.js"
};

static const unsigned char numbers_js[] = {
#embed "assets/numbers.js"
};

static const unsigned char stage_js[] = {
#embed "assets/stage.js"
};

static const unsigned char arrows_js[] = {
#embed "assets/arrows.js"
};

static const unsigned char episode_js[] = {
#embed "assets/episode.js"
};

static const unsigned char charts_js[] = {
#embed "assets/charts.js"
};

static const unsigned char player_js[] = {
#embed "assets/player.js"
};

static const unsigned char plot_html[] = {
#embed "assets/plot.html"
};

static const unsigned char plot_css[] = {
#embed "assets/plot.css"
};

static const unsigned char plot_js[] = {
#embed "assets/plot.js"
};

static const unsigned char watch_html[] = {
#embed "assets/watch.html"
};

static const unsigned char watch_css[] = {
#embed "assets/watch.css"
};

static const unsigned char watch_js[] = {
#embed "assets/watch.js"
};

static const unsigned char play_html[] = {
#embed "assets/play.html"
};

static const unsigned char play_css[] = {
#embed "assets/play.css"
};

static const unsigned char pick_js[] = {
#embed "assets/pick.js"
};

static const unsigned char pilot_js[] = {
#embed "assets/pilot.js"
};

static const unsigned char gauges_js[] = {
#embed "assets/gauges.js"
};

static const unsigned char play_js[] = {
#embed "assets/play.js"
};

#define PART(name, bytes) {name, bytes, sizeof bytes}

static const struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} parts[] = {
    PART("page.css", page_css),
    PART("replay.html", replay_html),
    PART("player.html", player_html),
    PART("geometry.js", geometry_js),
    PART("scene.js", scene_js),
    PART("camera.js", camera_js),
    PART("numbers.js", numbers_js),
    PART("stage.js", stage_js),
    PART("arrows.js", arrows_js),
    PART("episode.js", episode_js),
    PART("charts.js", charts_js),
    PART("player.js", player_js),
    PART("plot.html", plot_html),
    PART("plot.css", plot_css),
    PART("plot.js", plot_js),
    PART("watch.html", watch_html),
    PART("watch.css", watch_css),
    PART("watch.js", watch_js),
    PART("play.html", play_html),
    PART("play.css", play_css),
    PART("pick.js", pick_js),
    PART("pilot.js", pilot_js),
    PART("gauges.js", gauges_js),
    PART("play.js", play_js),
};

const unsigned char *pages_find(const char *name, size_t *count) {
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; ++i) {
    if (strcmp(parts[i].name, name) == 0) {
      *count = parts[i].count;
      return parts[i].bytes;
    }
  }
  *count = 0;
  return NULL;
}
