import Robotics

extension Catalog {
  /// The robots that come with the framework.
  public static var standard: Catalog {
    Catalog([
      Entry(
        "pendulum", summary: "Gymnasium's Pendulum-v1: swings up and balances with too little torque",
        settings: [
          "steps": 300_000, "envs": 16, "ppo.horizon": 64, "ppo.minibatch": 256, "ppo.epochs": 10, "ppo.gamma": 0.95,
          "ppo.lambda": 0.95, "ppo.entropy_coefficient": 0, "ppo.final_kl": 0.004,
        ],
        policies: ["swing-up": { SwingUp(spec: $0) }], env: { try Pendulum() }),
      Entry(
        "biped", Biped(), WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6),
        settings: [
          "steps": 2_000_000, "ppo.horizon": 64, "ppo.minibatch": 512, "ppo.final_kl": 0.005, "ppo.initial_std": 0.3,
        ]),
      Entry(
        "arm", Arm(),
        Reach(
          hand: "hand", tip: [0.04, 0, 0], center: Arm.shoulder, radii: 0.2...0.78, floor: 0.12, halfAngle: 2.7),
        settings: ["steps": 1_500_000, "ppo.lambda": 0.95, "ppo.final_kl": 0.004, "ppo.initial_std": 0.8]),
    ])
  }
}
