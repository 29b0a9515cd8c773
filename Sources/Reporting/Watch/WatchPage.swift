/// The page on which a run is watched. It asks the server for what is new every few seconds.
package enum WatchPage {
  package static let html = WebPage.filled(
    WebPage.part("watch.html"),
    [
      "style": WebPage.part("page.css") + PlotPage.style(series: 1) + WebPage.part("watch.css"),
      "player": WebPage.part("player.html"),
      "script": WebPage.playerScript + WebPage.part("plot.js") + WebPage.part("watch.js"),
    ])
}
