// Logs the commands given to a world and repeats them.

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

CommandLog::State state(dBodyID body) {
  CommandLog::State state;
  copy(state.position, dBodyGetPosition(body));
  copy(state.quaternion, dBodyGetQuaternion(body));
  copy(state.rotation, dBodyGetRotation(body));
  copy(state.linear, dBodyGetLinearVel(body));
  copy(state.angular, dBodyGetAngularVel(body));
  return state;
}

/// Logs the bodies that were placed by hand since the last substep.
void log_placements(const ode_shim_world *world, CommandLog &log) {
  for (std::size_t i = 0; i < world->bodies.size(); ++i) {
    const CommandLog::State now = state(world->bodies[i]);
    if (log.last.empty() || std::memcmp(&now, &log.last[i], sizeof now) != 0) {
      log.placements.push_back({world->bodies[i], now});
    }
  }
}

void place(const CommandLog::Placement &placement) {
  const auto &[body, state] = placement;
  ode_shim_body_set_pose(body, state.position, state.quaternion, state.rotation);
  dBodySetLinearVel(body, state.linear[0], state.linear[1], state.linear[2]);
  dBodySetAngularVel(body, state.angular[0], state.angular[1], state.angular[2]);
}

}  // namespace

void log_states(const ode_shim_world *world, CommandLog &log) {
  log.last.clear();
  for (dBodyID body : world->bodies) log.last.push_back(state(body));
}

void log_substep(const ode_shim_world *world, CommandLog &log, double h) {
  log_placements(world, log);
  for (const dBodyID body : world->bodies) {
    CommandLog::Load load{body, {}, {}};
    copy(load.force, dBodyGetForce(body));
    copy(load.torque, dBodyGetTorque(body));
    const auto acts = [](dReal x) { return x != 0; };
    if (std::any_of(load.force, load.force + 3, acts) || std::any_of(load.torque, load.torque + 3, acts)) {
      log.loads.push_back(load);
    }
  }
  log.substeps.push_back({h, log.placements.size(), log.loads.size(), log.motors.size(), log.rows.size(),
                           log.pairs.size()});
}

}  // namespace ode_shim

using namespace ode_shim;

extern "C" {

int ode_shim_log_start(ode_shim_world *world) {
  return guarded([&] {
    world->log = std::make_unique<CommandLog>();
    world->logging = true;
  });
}

int ode_shim_log_rerun(ode_shim_world *world) {
  const int result = guarded([&] {
    prepare_thread();
    if (!world->log) return;
    // Bodies that were placed after the last substep.
    if (world->logging) log_placements(world, *world->log);
    world->logging = false;
    const CommandLog &log = *world->log;
    CommandLog::Substep at{};
    for (const CommandLog::Substep &substep : log.substeps) {
      for (; at.placements < substep.placements; ++at.placements) place(log.placements[at.placements]);
      for (; at.loads < substep.loads; ++at.loads) {
        const auto &[body, force, torque] = log.loads[at.loads];
        dBodySetForce(body, force[0], force[1], force[2]);
        dBodySetTorque(body, torque[0], torque[1], torque[2]);
      }
      for (; at.motors < substep.motors; ++at.motors) {
        const auto &[joint, kind, axis, target, cfm, max_force] = log.motors[at.motors];
        set_motor(joint, kind, axis, target, cfm, max_force);
      }
      for (; at.rows < substep.rows; ++at.rows) {
        const auto &[planar, along_normal, about_u, about_v] = log.rows[at.rows];
        set_planar(planar, along_normal, about_u, about_v);
      }
      for (; at.pairs < substep.pairs; ++at.pairs) {
        const auto &[a, b, surface] = log.pairs[at.pairs];
        collide(world, a, b, surface, substep.h, nullptr);
      }
      step(world, substep.h);
    }
    for (; at.placements < log.placements.size(); ++at.placements) place(log.placements[at.placements]);
  });
  if (result != ODE_SHIM_OK) world->faulted = true;
  return result;
}
}
