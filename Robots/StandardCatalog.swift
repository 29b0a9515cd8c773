import Robotics

extension Catalog {
  /// The robots that come with the framework.
  public static var standard: Catalog {
    Catalog([
      Entry(
        "pendulum", summary: "Gymnasium's Pendulum-v1: swings up and balances with too little torque",
        settings: [
          "steps": 300_000, "envs": 16, "ppo.horizon": 64, "ppo.minibatch": 256, "ppo.epochs": 10, "ppo.gamma": 0.95,
          "ppo.lambda": 0.95, "ppo.entropy_coefficient": 0, "ppo.final_kl": 0.004, "evaluation.episodes": 100,
        ],
        policies: ["swing-up": { SwingUp(spec: $0) }], trainedPolicy: { trainedPolicy("pendulum") },
        goal: Goal(.meanReturn(atLeast: -170)), env: { try Pendulum() }),
      Entry(
        "biped", Biped(), WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6),
        settings: [
          "steps": 1_500_000, "ppo.horizon": 64, "ppo.minibatch": 512, "ppo.final_kl": 0.005, "ppo.initial_std": 0.3,
          "ppo.mirror_samples": true,
        ],
        trainedPolicy: { trainedPolicy("biped") }, goal: .walking),
      Entry(
        "arm", Arm(),
        Reach(
          hand: "hand", tip: [0.04, 0, 0], center: Arm.shoulder, radii: 0.2...0.78, floor: 0.12, halfAngle: 2.7),
        settings: ["steps": 1_500_000, "ppo.lambda": 0.95, "ppo.final_kl": 0.004, "ppo.initial_std": 0.8],
        trainedPolicy: { trainedPolicy("arm") },
        goal: Goal(.mean("final_error_m", atMost: 0.02), .mean("within_3cm", atLeast: 0.95))),
    ])
  }
}

extension Goal {
  /// It walks at about 1 m/s along the line, upright, and neither hops nor vibrates nor drags its feet.
  static let walking = Goal(
    .lasting(atLeast: 0.95),
    .mean("distance_m", atLeast: 16),
    .mean("drift_m", atMost: 2),
    .mean("nonfoot_contact", atMost: 0),
    .mean("stride_hz", in: 0.8...2),
    .mean("flight", atMost: 0.02),
    .mean("double_support", in: 0.10...0.40),
    .mean("stance_left_right", in: 0.7...1.4),
    .mean("clearance_m", atLeast: 0.03),
    .mean("roll_deg", atMost: 8),
    .mean("pitch_deg", atMost: 8),
    .mean("cost_of_transport", atMost: 1))
}
