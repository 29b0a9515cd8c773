// What the shim's own files share.

#ifndef CODESHIM_WORLD_H
#define CODESHIM_WORLD_H

#include <ode/ode.h>

#include <cstddef>
#include <cstdio>
#include <deque>
#include <exception>
#include <memory>
#include <vector>

#include "CODEShim.h"

namespace ode_shim {

/// The commands given to a world, substep by substep.
struct CommandLog {
  struct State {
    dReal position[3], quaternion[4], rotation[12], linear[3], angular[3];
  };
  struct Placement {
    dBodyID body;
    State state;
  };
  /// Force and torque on a body besides those of joints and contacts.
  struct Load {
    dBodyID body;
    dReal force[3], torque[3];
  };
  struct Motor {
    dJointID joint;
    ode_shim_joint_kind kind;
    int axis;
    double target, cfm, max_force;
  };
  struct Rows {
    ode_shim_planar planar;
    double along_normal, about_u, about_v;
  };
  struct Pair {
    dGeomID a, b;
    ode_shim_surface surface;
  };
  /// One past the last of each kind that belongs to the substep.
  struct Substep {
    double h;
    std::size_t placements, loads, motors, rows, pairs;
  };

  std::vector<Placement> placements;
  std::vector<Load> loads;
  std::vector<Motor> motors;
  std::vector<Rows> rows;
  std::vector<Pair> pairs;
  std::vector<Substep> substeps;
  /// State of each body after the last substep, to find bodies that were placed by hand since.
  std::vector<State> last;
};

/// A contact whose force is measured.
struct Contact {
  dJointFeedback feedback;
  /// Numbers of the bodies; -1 is the ground.
  int first, second;
};

}  // namespace ode_shim

struct ode_shim_world {
  dWorldID id = nullptr;
  dJointGroupID contacts = nullptr;
  dThreadingImplementationID threading = nullptr;
  std::vector<dBodyID> bodies;
  std::vector<dGeomID> geoms;
  // ODE writes into these during a step, so they must not move.
  std::vector<std::unique_ptr<dJointFeedback>> feedback;
  /// Contacts of the substep under way, of which the first `contact_count` are in use; for the same reason they stay where
  /// they are.
  std::deque<ode_shim::Contact> measured;
  std::size_t contact_count = 0;
  /// Six numbers a body: the force of the ground in the last substep, and that of other bodies.
  std::vector<double> contact_forces;
  bool measures_contacts = false;
  std::unique_ptr<ode_shim::CommandLog> log;
  bool logging = false;
  int quick_iterations = 0;
  bool faulted = false;
};

namespace ode_shim {

/// Thrown by ODE's error handlers.
struct Fault {};

/// What the last fault on this thread said.
extern thread_local char error_text[256];

/// Initializes ODE, once, and what it needs on this thread.
void prepare_thread();

template <typename Body>
int guarded(Body body) noexcept {
  try {
    body();
    return ODE_SHIM_OK;
  } catch (const Fault &) {
    return ODE_SHIM_FAULT;
  } catch (const std::exception &error) {
    std::snprintf(error_text, sizeof error_text, "%s", error.what());
    return ODE_SHIM_FAULT;
  }
}

void set_motor(dJointID joint, ode_shim_joint_kind kind, int axis, double target, double cfm, double max_force);
void set_planar(const ode_shim_planar &planar, double along_normal, double about_u, double about_v);
/// Makes contacts for a step of `h` seconds. `deepest`, where there is one, is raised to the depth of the deepest, m.
int collide(ode_shim_world *world, dGeomID a, dGeomID b, const ode_shim_surface &surface, double h, double *deepest);
void step(ode_shim_world *world, double h);

/// Logs the bodies placed since the last substep, the loads on all bodies, and a substep of `h` seconds.
void log_substep(const ode_shim_world *world, CommandLog &log, double h);

/// Keeps the state of the bodies after a substep.
void log_states(const ode_shim_world *world, CommandLog &log);

}  // namespace ode_shim

#endif
