// Noting what a world is told, and telling it again.

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "World.h"

namespace ode_shim {

namespace {

template <std::size_t count>
void copy(dReal (&to)[count], const dReal *from) {
  std::copy(from, from + count, to);
}

Tape::State state(dBodyID body) {
  Tape::State state;
  copy(state.position, dBodyGetPosition(body));
  copy(state.quaternion, dBodyGetQuaternion(body));
  copy(state.rotation, dBodyGetRotation(body));
  copy(state.linear, dBodyGetLinearVel(body));
  copy(state.angular, dBodyGetAngularVel(body));
  return state;
}

/// Notes who has been moved by hand since the last substep.
void note_placements(const ode_shim_world *world, Tape &tape) {
  for (std::size_t i = 0; i < world->bodies.size(); ++i) {
    const Tape::State now = state(world->bodies[i]);
    if (tape.last.empty() || std::memcmp(&now, &tape.last[i], sizeof now) != 0) {
      tape.placements.push_back({world->bodies[i], now});
    }
  }
}

void place(const Tape::Placement &placement) {
  const auto &[body, state] = placement;
  ode_shim_body_set_pose(body, state.position, state.quaternion, state.rotation);
  dBodySetLinearVel(body, state.linear[0], state.linear[1], state.linear[2]);
  dBodySetAngularVel(body, state.angular[0], state.angular[1], state.angular[2]);
}

}  // namespace

void note_states(const ode_shim_world *world, Tape &tape) {
  tape.last.clear();
  for (dBodyID body : world->bodies) tape.last.push_back(state(body));
}

void note_substep(const ode_shim_world *world, Tape &tape, double h) {
  note_placements(world, tape);
  for (const dBodyID body : world->bodies) {
    Tape::Load load{body, {}, {}};
    copy(load.force, dBodyGetForce(body));
    copy(load.torque, dBodyGetTorque(body));
    const auto acts = [](dReal x) { return x != 0; };
    if (std::any_of(load.force, load.force + 3, acts) || std::any_of(load.torque, load.torque + 3, acts)) {
      tape.loads.push_back(load);
    }
  }
  tape.substeps.push_back({h, tape.placements.size(), tape.loads.size(), tape.motors.size(), tape.rows.size(),
                           tape.meetings.size()});
}

}  // namespace ode_shim

using namespace ode_shim;

extern "C" {

int ode_shim_record(ode_shim_world *world) {
  return guarded([&] {
    world->tape = std::make_unique<Tape>();
    world->recording = true;
  });
}

int ode_shim_play(ode_shim_world *world) {
  const int result = guarded([&] {
    prepare_thread();
    if (!world->tape) return;
    // Who was moved after the last substep.
    if (world->recording) note_placements(world, *world->tape);
    world->recording = false;
    const Tape &tape = *world->tape;
    Tape::Substep at{};
    for (const Tape::Substep &substep : tape.substeps) {
      for (; at.placements < substep.placements; ++at.placements) place(tape.placements[at.placements]);
      for (; at.loads < substep.loads; ++at.loads) {
        const auto &[body, force, torque] = tape.loads[at.loads];
        dBodySetForce(body, force[0], force[1], force[2]);
        dBodySetTorque(body, torque[0], torque[1], torque[2]);
      }
      for (; at.motors < substep.motors; ++at.motors) {
        const auto &[joint, kind, axis, target, cfm, max_force] = tape.motors[at.motors];
        set_motor(joint, kind, axis, target, cfm, max_force);
      }
      for (; at.rows < substep.rows; ++at.rows) {
        const auto &[planar, along_normal, about_u, about_v] = tape.rows[at.rows];
        set_planar(planar, along_normal, about_u, about_v);
      }
      for (; at.meetings < substep.meetings; ++at.meetings) {
        const auto &[a, b, surface] = tape.meetings[at.meetings];
        collide(world, a, b, surface, substep.h, nullptr);
      }
      step(world, substep.h);
    }
    for (; at.placements < tape.placements.size(); ++at.placements) place(tape.placements[at.placements]);
  });
  if (result != ODE_SHIM_OK) world->faulted = true;
  return result;
}
}
