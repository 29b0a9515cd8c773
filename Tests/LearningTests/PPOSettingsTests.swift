import Learning
import Testing

@Suite struct PPOSettingsTests {
  @Test func defaultsAreValid() throws { try PPOSettings().validate() }

  @Test(arguments: ["horizon", "clip", "initialStd", "learningRate", "hiddenLayers", "discount"])
  func messagesNameTheSetting(name: String) throws {
    var settings = PPOSettings()
    switch name {
    case "horizon": settings.horizon = 0
    case "clip": settings.clip = .nan
    case "initialStd": settings.initialStd = settings.minStd
    case "learningRate": settings.learningRate = 0.5
    case "hiddenLayers": settings.hiddenLayers = [64, 0]
    default: settings.discount = 1.5
    }
    do {
      try settings.validate()
      Issue.record("\(name) was accepted")
    } catch {
      #expect(error.description.contains(name) && error.description.contains("..."))
    }
  }
}
