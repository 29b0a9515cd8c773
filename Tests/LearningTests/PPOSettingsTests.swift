import Learning
import Networks
import Testing

@Suite struct PPOSettingsTests {
  @Test func defaultsAreValid() throws { try PPOSettings().validate() }

  @Test(arguments: ["horizon", "clip", "initial_std", "learning_rate", "hidden_layers", "gamma"])
  func messagesNameTheSetting(name: String) throws {
    var settings = PPOSettings()
    switch name {
    case "horizon": settings.horizon = 0
    case "clip": settings.clip = .nan
    case "initial_std": settings.initialStd = settings.minStd
    case "learning_rate": settings.learningRate = 0.5
    case "hidden_layers": settings.hiddenLayers = [64, 0]
    default: settings.discount = 1.5
    }
    let error = #expect(throws: LearningError.self) { try settings.validate() }
    #expect(error?.description.contains("setting 'ppo.\(name)' is ") == true, "\(String(describing: error))")
    #expect(error?.description.contains("it must be ") == true)
  }

  /// Names are unique, belong to the section, and defaults are among the values that the settings take.
  @Test(arguments: LearnerKind.all.map(\.name)) func keysAreSound(_ name: String) throws {
    let kind = try #require(LearnerKind.named(name))
    #expect(Set(kind.keys.map(\.name)).count == kind.keys.count)
    for key in kind.keys {
      #expect(key.name.hasPrefix("\(name).") && !key.summary.isEmpty)
      var settings = kind.settings
      #expect(key.write(&settings, key.read(settings)), "\(key.name)")
    }
  }
}
