#include <algorithm>
#include <cstdint>
#include <cstdarg>
#include <mutex>

#include "World.h"

using namespace ode_shim;

namespace {

thread_local unsigned long message_count = 0;

// Throwing is the only way out: ODE ends the process as soon as one of these returns.
[[noreturn]] void fail(int, const char *format, va_list arguments) {
  std::vsnprintf(error_text, sizeof error_text, format, arguments);
  throw Fault{};
}

// An inexact solution, which the step then repairs as well as it can: worth counting, not worth a line on the terminal.
void count(int, const char *, va_list) { ++message_count; }

/// The memory that steps work in. The worlds that a thread steps share it: a hundred kilobytes for each would push one
/// another out of the cache.
class Workspace {
 public:
  // ODE takes the locks that belong to the memory from the world that steps in it first, so that must be one that stays.
  Workspace() : owner(dWorldCreate()), threading(dThreadingAllocateSelfThreadedImplementation()) {
    dWorldSetStepThreadingImplementation(owner, dThreadingImplementationGetFunctions(threading), threading);
    dBodyCreate(owner);
    dWorldStep(owner, 1);
  }
  ~Workspace() {
    guarded([&] {
      dWorldDestroy(owner);
      dThreadingFreeImplementation(threading);
    });
  }
  Workspace(const Workspace &) = delete;

  const dWorldID owner;

 private:
  const dThreadingImplementationID threading;
};

thread_local std::unique_ptr<Workspace> workspace;

// ODE attaches its first universal axis to the first body, the child; ours is the one that turns with the parent.
int parameter(ode_shim_joint_kind kind, int axis, int name) {
  return kind == ODE_SHIM_UNIVERSAL && axis == 0 ? name + dParamGroup : name;
}

void set_parameter(dJointID joint, ode_shim_joint_kind kind, int axis, int name, double value) {
  switch (kind) {
    case ODE_SHIM_HINGE: dJointSetHingeParam(joint, name, value); break;
    case ODE_SHIM_SLIDER: dJointSetSliderParam(joint, name, value); break;
    case ODE_SHIM_UNIVERSAL: dJointSetUniversalParam(joint, parameter(kind, axis, name), value); break;
    case ODE_SHIM_LINEAR_MOTOR: dJointSetLMotorParam(joint, name, value); break;
    case ODE_SHIM_ANGULAR_MOTOR: dJointSetAMotorParam(joint, name, value); break;
    case ODE_SHIM_BALL:
    case ODE_SHIM_FIXED: break;
  }
}

dGeomID make_geom(ode_shim_shape shape, const double *size) {
  switch (shape) {
    case ODE_SHIM_BOX: return dCreateBox(nullptr, size[0], size[1], size[2]);
    case ODE_SHIM_SPHERE: return dCreateSphere(nullptr, size[0]);
    case ODE_SHIM_CAPSULE: return dCreateCapsule(nullptr, size[0], size[1]);
    case ODE_SHIM_CYLINDER: return dCreateCylinder(nullptr, size[0], size[1]);
  }
  return nullptr;
}

/// Friction acts within the plane of a planar world only.
void hold_in_plane(dContact &contact, const ode_shim_surface &surface) {
  dCalcVectorCross3(contact.fdir1, surface.plane_normal, contact.geom.normal);
  // A contact that faces out of the plane has no direction in it; it keeps friction all around.
  if (dCalcVectorLengthSquare3(contact.fdir1) <= 1e-12) return;
  dNormalize3(contact.fdir1);
  contact.surface.mode |= dContactFDir1 | dContactMu2;
  contact.surface.mu2 = 0;
}

void add_velocity(dBodyID body, const dReal *point, dReal sign, dVector3 &velocity) {
  if (!body) return;
  const dReal *center = dBodyGetPosition(body);
  const dReal *linear = dBodyGetLinearVel(body);
  const dVector3 lever = {point[0] - center[0], point[1] - center[1], point[2] - center[2]};
  dVector3 turning;
  dCalcVectorCross3(turning, dBodyGetAngularVel(body), lever);
  for (int i = 0; i < 3; ++i) velocity[i] += sign * (linear[i] + turning[i]);
}

/// Makes Coulomb's circle of friction of ODE's square, whose diagonals are sqrt(2) as long.
///
/// One side of the square is laid along the slip v. Across it the friction of the circle, mu N v'/|v'| for a slip v' that
/// the step turns a little, is to first order mu N / |v| times what v' has across v: a viscous force. A contact that
/// holds creeps along the force that it resists (see `ode_shim_surface.creep`), so that its slip has a direction as well.
///
/// `layer` is the overlap that contacts are left, m; `h` the length of the step, s.
void turn_along_slip(dContact &contact, dBodyID a, dBodyID b, dReal layer, dReal h) {
  constexpr dReal smallest_slip = 1e-9;  // m/s; below it rounding decides the direction
  const dReal *normal = contact.geom.normal;
  dVector3 slip = {};
  add_velocity(a, contact.geom.pos, 1, slip);
  add_velocity(b, contact.geom.pos, -1, slip);
  const dReal along_normal = dCalcVectorDot3(slip, normal);
  for (int i = 0; i < 3; ++i) slip[i] -= along_normal * normal[i];
  const dReal speed = dCalcVectorLength3(slip);
  // Written so that a value that is not a number fails as well.
  if (!(speed > smallest_slip)) return;
  for (int i = 0; i < 3; ++i) contact.fdir1[i] = slip[i] / speed;
  contact.surface.mode |= dContactFDir1;
  // The force of the contact's spring and damper at the start of the step, N; 0 while the surfaces separate.
  const dReal overlap = std::max(contact.geom.depth - layer, dReal(0));
  const dReal load = contact.surface.soft_erp / h * overlap - along_normal;
  const dReal bound = contact.surface.mu * load / contact.surface.soft_cfm;
  if (contact.surface.soft_cfm > 0 && bound > 0) contact.surface.slip2 += speed / bound;
}

}  // namespace

namespace ode_shim {

thread_local char error_text[256] = "";

void prepare_thread() {
  // ODE's initialization counts without locks.
  static std::once_flag once;
  std::call_once(once, [] {
    dInitODE2(0);
    dSetErrorHandler(fail);
    dSetDebugHandler(fail);
    dSetMessageHandler(count);
  });
  thread_local bool prepared = false;
  if (!prepared) prepared = dAllocateODEDataForThread(dAllocateMaskAll) != 0;
}

void set_motor(dJointID joint, ode_shim_joint_kind kind, int axis, double target, double cfm, double max_force) {
  set_parameter(joint, kind, axis, dParamVel, target);
  set_parameter(joint, kind, axis, dParamCFM, cfm);
  set_parameter(joint, kind, axis, dParamFMax, max_force);
}

void set_planar(const ode_shim_planar &planar, double along_normal, double about_u, double about_v) {
  dJointSetLMotorParam(planar.linear, dParamVel, along_normal);
  dJointSetAMotorParam(planar.angular, dParamVel, about_u);
  dJointSetAMotorParam(planar.angular, dParamVel2, about_v);
}

/// The number that a body was created as; -1 of the ground.
static int number_of(dBodyID body) {
  return body ? static_cast<int>(reinterpret_cast<std::intptr_t>(dBodyGetData(body))) : -1;
}

/// Has ODE measure the force of a contact that was just made.
static void measure(ode_shim_world &world, dJointID joint) {
  if (world.contact_count == world.measured.size()) world.measured.emplace_back();
  Contact &contact = world.measured[world.contact_count++];
  contact = {{}, number_of(dJointGetBody(joint, 0)), number_of(dJointGetBody(joint, 1))};
  dJointSetFeedback(joint, &contact.feedback);
}

/// Sums the contacts' forces over each body.
static void gather_contact_forces(ode_shim_world &world) {
  world.contact_forces.assign(6 * world.bodies.size(), 0);
  const auto add = [&](int body, int other, const dReal *force) {
    if (body < 0) return;
    double *sum = &world.contact_forces[6 * static_cast<std::size_t>(body) + (other < 0 ? 0 : 3)];
    for (int i = 0; i < 3; ++i) sum[i] += force[i];
  };
  for (std::size_t i = 0; i < world.contact_count; ++i) {
    const auto &[feedback, first, second] = world.measured[i];
    add(first, second, feedback.f1);
    add(second, first, feedback.f2);
  }
  world.contact_count = 0;
}

int collide(ode_shim_world *world, dGeomID a, dGeomID b, const ode_shim_surface &surface, double h, double *deepest) {
  const dReal layer = dWorldGetContactSurfaceLayer(world->id);
  constexpr int max_contacts = 8;
  dContact contacts[max_contacts];
  const int number = dCollide(a, b, max_contacts, &contacts[0].geom, sizeof(dContact));
  for (int i = 0; i < number; ++i) {
    dContact &contact = contacts[i];
    contact.surface = {};
    // Without Approx1 the friction would be a force in newtons.
    contact.surface.mode = dContactApprox1 | dContactSoftERP | dContactSoftCFM;
    contact.surface.mu = surface.friction;
    contact.surface.soft_erp = surface.erp;
    contact.surface.soft_cfm = surface.cfm;
    if (surface.planar) {
      hold_in_plane(contact, surface);
    } else {
      contact.surface.mode |= dContactSlip1 | dContactSlip2;
      contact.surface.slip1 = contact.surface.slip2 = surface.creep;
      turn_along_slip(contact, dGeomGetBody(a), dGeomGetBody(b), layer, h);
    }
    if (deepest) *deepest = std::max(*deepest, static_cast<double>(contact.geom.depth));
    dJointID joint = dJointCreateContact(world->id, world->contacts, &contact);
    dJointAttach(joint, dGeomGetBody(a), dGeomGetBody(b));
    if (world->measures_contacts) measure(*world, joint);
  }
  return number;
}

void step(ode_shim_world *world, double h) {
  if (!workspace) workspace = std::make_unique<Workspace>();
  dWorldUseSharedWorkingMemory(world->id, workspace->owner);
  try {
    if (world->quick_iterations > 0) {
      dWorldQuickStep(world->id, h);
    } else {
      dWorldStep(world->id, h);
    }
  } catch (...) {
    dWorldUseSharedWorkingMemory(world->id, nullptr);
    // It is as the step left it; the next step takes another.
    static_cast<void>(workspace.release());
    throw;
  }
  // A world may be stepped by another thread next.
  dWorldUseSharedWorkingMemory(world->id, nullptr);
  if (world->measures_contacts) gather_contact_forces(*world);
  dJointGroupEmpty(world->contacts);
}

}  // namespace ode_shim

extern "C" {

const char *ode_shim_error(void) { return error_text; }

unsigned long ode_shim_message_count(void) { return message_count; }

ode_shim_world *ode_shim_world_create(const ode_shim_world_settings *settings) {
  auto *world = new ode_shim_world;
  const int result = guarded([&] {
    prepare_thread();
    world->id = dWorldCreate();
    // ODE's default implementation is one for the whole process, and not locked: two threads abort on it.
    world->threading = dThreadingAllocateSelfThreadedImplementation();
    dWorldSetStepThreadingImplementation(world->id, dThreadingImplementationGetFunctions(world->threading),
                                         world->threading);
    world->contacts = dJointGroupCreate(0);
    world->quick_iterations = settings->quick_iterations;
    dWorldSetGravity(world->id, settings->gravity[0], settings->gravity[1], settings->gravity[2]);
    dWorldSetERP(world->id, settings->erp);
    dWorldSetCFM(world->id, settings->cfm);
    dWorldSetContactMaxCorrectingVel(world->id, settings->max_correcting_velocity);
    dWorldSetContactSurfaceLayer(world->id, settings->surface_layer);
    dWorldSetAutoDisableFlag(world->id, 0);
    if (settings->quick_iterations > 0) dWorldSetQuickStepNumIterations(world->id, settings->quick_iterations);
  });
  if (result == ODE_SHIM_OK) return world;
  world->faulted = true;
  ode_shim_world_destroy(world);
  return nullptr;
}

void ode_shim_world_destroy(ode_shim_world *world) {
  const int result = guarded([&] {
    prepare_thread();
    if (world->contacts) dJointGroupDestroy(world->contacts);
    for (dGeomID geom : world->geoms) dGeomDestroy(geom);
    if (world->id) dWorldDestroy(world->id);
  });
  // After a fault the implementation still holds unfinished jobs and its destructor would end the process: let it leak.
  if (!world->faulted && result == ODE_SHIM_OK && world->threading) {
    guarded([&] { dThreadingFreeImplementation(world->threading); });
  }
  delete world;
}

int ode_shim_world_step(ode_shim_world *world, double h) {
  const int result = guarded([&] {
    prepare_thread();
    if (world->logging) log_substep(world, *world->log, h);
    step(world, h);
    if (world->logging) log_states(world, *world->log);
  });
  if (result != ODE_SHIM_OK) world->faulted = true;
  return result;
}

void ode_shim_world_measure_contacts(ode_shim_world *world) { world->measures_contacts = true; }

void ode_shim_world_add_contact_forces(const ode_shim_world *world, double *sums) {
  for (std::size_t i = 0; i < world->contact_forces.size(); ++i) sums[i] += world->contact_forces[i];
}

static void set_mass(dBodyID body, double mass, const double *inertia) {
  dMass properties;
  dMassSetParameters(&properties, mass, 0, 0, 0, inertia[0], inertia[1], inertia[2], inertia[3], inertia[4],
                     inertia[5]);
  dBodySetMass(body, &properties);
}

int ode_shim_body_set_mass(dxBody *body, double mass, const double *inertia) {
  return guarded([&] { set_mass(body, mass, inertia); });
}

dxBody *ode_shim_body_create(ode_shim_world *world, const double *position, const double *quaternion, double mass,
                             const double *inertia) {
  dBodyID body = nullptr;
  const int result = guarded([&] {
    prepare_thread();
    body = dBodyCreate(world->id);
    dBodySetData(body, reinterpret_cast<void *>(static_cast<std::intptr_t>(world->bodies.size())));
    world->bodies.push_back(body);
    set_mass(body, mass, inertia);
    dBodySetPosition(body, position[0], position[1], position[2]);
    dBodySetQuaternion(body, quaternion);
    // An infinitesimal rotation followed by normalization turns by atan(wh), too little at high speed.
    dBodySetFiniteRotationMode(body, 1);
    dBodySetGyroscopicMode(body, 1);
  });
  return result == ODE_SHIM_OK ? body : nullptr;
}

void ode_shim_body_set_pose(dxBody *body, const double *position, const double *quaternion, const double *rotation) {
  auto *q = const_cast<dReal *>(dBodyGetQuaternion(body));
  auto *r = const_cast<dReal *>(dBodyGetRotation(body));
  for (int i = 0; i < 4; ++i) q[i] = quaternion[i];
  for (int i = 0; i < 12; ++i) r[i] = rotation[i];
  // Last, as it also marks the geometries as moved.
  dBodySetPosition(body, position[0], position[1], position[2]);
}

dxGeom *ode_shim_geom_create(ode_shim_world *world, dxBody *body, ode_shim_shape shape, const double *size,
                             const double *offset, const double *offset_quaternion) {
  dGeomID geom = nullptr;
  const int result = guarded([&] {
    prepare_thread();
    geom = make_geom(shape, size);
    world->geoms.push_back(geom);
    dGeomSetBody(geom, body);
    dGeomSetOffsetPosition(geom, offset[0], offset[1], offset[2]);
    dGeomSetOffsetQuaternion(geom, offset_quaternion);
  });
  return result == ODE_SHIM_OK ? geom : nullptr;
}

dxGeom *ode_shim_plane_create(ode_shim_world *world, double height) {
  dGeomID geom = nullptr;
  const int result = guarded([&] {
    prepare_thread();
    geom = dCreatePlane(nullptr, 0, 0, 1, height);
    world->geoms.push_back(geom);
  });
  return result == ODE_SHIM_OK ? geom : nullptr;
}

int ode_shim_collide(ode_shim_world *world, dxGeom *a, dxGeom *b, const ode_shim_surface *surface, double h,
                     double *deepest) {
  int number = 0;
  const int result = guarded([&] {
    prepare_thread();
    number = collide(world, a, b, *surface, h, deepest);
    if (world->logging) world->log->pairs.push_back({a, b, *surface});
  });
  if (result == ODE_SHIM_OK) return number;
  world->faulted = true;
  return ODE_SHIM_FAULT;
}

double ode_shim_depth(ode_shim_world *world, dxGeom *a, dxGeom *b) {
  double depth = 0;
  const int result = guarded([&] {
    prepare_thread();
    constexpr int max_contacts = 8;
    dContactGeom contacts[max_contacts];
    const int number = dCollide(a, b, max_contacts, contacts, sizeof(dContactGeom));
    for (int i = 0; i < number; ++i) depth = std::max(depth, static_cast<double>(contacts[i].depth));
  });
  if (result == ODE_SHIM_OK) return depth;
  world->faulted = true;
  return ODE_SHIM_FAULT;
}

dxJoint *ode_shim_joint_create(ode_shim_world *world, ode_shim_joint_kind kind, dxBody *child, dxBody *parent,
                               const double *anchor, const double *axis1, const double *axis2) {
  dJointID joint = nullptr;
  const int result = guarded([&] {
    prepare_thread();
    // With the child first, a positive angle or force moves the child along the axis.
    switch (kind) {
      case ODE_SHIM_HINGE:
        joint = dJointCreateHinge(world->id, nullptr);
        dJointAttach(joint, child, parent);
        dJointSetHingeAnchor(joint, anchor[0], anchor[1], anchor[2]);
        dJointSetHingeAxis(joint, axis1[0], axis1[1], axis1[2]);
        break;
      case ODE_SHIM_SLIDER:
        joint = dJointCreateSlider(world->id, nullptr);
        dJointAttach(joint, child, parent);
        dJointSetSliderAxis(joint, axis1[0], axis1[1], axis1[2]);
        break;
      case ODE_SHIM_BALL:
        joint = dJointCreateBall(world->id, nullptr);
        dJointAttach(joint, child, parent);
        dJointSetBallAnchor(joint, anchor[0], anchor[1], anchor[2]);
        break;
      case ODE_SHIM_UNIVERSAL:
        joint = dJointCreateUniversal(world->id, nullptr);
        dJointAttach(joint, child, parent);
        dJointSetUniversalAnchor(joint, anchor[0], anchor[1], anchor[2]);
        dJointSetUniversalAxis1(joint, axis2[0], axis2[1], axis2[2]);
        dJointSetUniversalAxis2(joint, axis1[0], axis1[1], axis1[2]);
        break;
      case ODE_SHIM_FIXED:
        joint = dJointCreateFixed(world->id, nullptr);
        dJointAttach(joint, child, parent);
        dJointSetFixed(joint);
        break;
      case ODE_SHIM_LINEAR_MOTOR:
      case ODE_SHIM_ANGULAR_MOTOR: break;
    }
  });
  return result == ODE_SHIM_OK ? joint : nullptr;
}

dxJoint *ode_shim_motor_create(ode_shim_world *world, ode_shim_joint_kind kind, dxBody *child, dxBody *parent,
                               const double *axis, int axis_on_child) {
  dJointID joint = nullptr;
  const int result = guarded([&] {
    prepare_thread();
    // ODE counts bodies from 1; 0 is the world.
    const int carrier = axis_on_child ? 1 : parent ? 2 : 0;
    if (kind == ODE_SHIM_LINEAR_MOTOR) {
      joint = dJointCreateLMotor(world->id, nullptr);
      dJointAttach(joint, child, parent);
      dJointSetLMotorNumAxes(joint, 1);
      dJointSetLMotorAxis(joint, 0, carrier, axis[0], axis[1], axis[2]);
    } else {
      joint = dJointCreateAMotor(world->id, nullptr);
      dJointAttach(joint, child, parent);
      dJointSetAMotorMode(joint, dAMotorUser);
      dJointSetAMotorNumAxes(joint, 1);
      dJointSetAMotorAxis(joint, 0, carrier, axis[0], axis[1], axis[2]);
    }
  });
  return result == ODE_SHIM_OK ? joint : nullptr;
}

int ode_shim_joint_set_stops(dxJoint *joint, ode_shim_joint_kind kind, int axis, double lower, double upper, double erp,
                             double cfm) {
  return guarded([&] {
    set_parameter(joint, kind, axis, dParamLoStop, lower);
    set_parameter(joint, kind, axis, dParamHiStop, upper);
    set_parameter(joint, kind, axis, dParamStopERP, erp);
    set_parameter(joint, kind, axis, dParamStopCFM, cfm);
  });
}

int ode_shim_joint_set_motor(ode_shim_world *world, dxJoint *joint, ode_shim_joint_kind kind, int axis, double target,
                             double cfm, double max_force) {
  return guarded([&] {
    set_motor(joint, kind, axis, target, cfm, max_force);
    if (world->logging) world->log->motors.push_back({joint, kind, axis, target, cfm, max_force});
  });
}

void ode_shim_slider_add_force(dxJoint *joint, double force) {
  guarded([&] { dJointAddSliderForce(joint, force); });
}

int ode_shim_joint_keep_force(ode_shim_world *world, dxJoint *joint) {
  return guarded([&] {
    if (dJointGetFeedback(joint)) return;
    world->feedback.push_back(std::make_unique<dJointFeedback>());
    *world->feedback.back() = {};
    dJointSetFeedback(joint, world->feedback.back().get());
  });
}

void ode_shim_joint_force(dxJoint *joint, double *force_and_torque) {
  const dJointFeedback *feedback = dJointGetFeedback(joint);
  for (int i = 0; i < 3; ++i) {
    force_and_torque[i] = feedback->f1[i];
    force_and_torque[i + 3] = feedback->t1[i];
  }
}

int ode_shim_planar_create(ode_shim_world *world, dxBody *body, const double *normal, const double *u, const double *v,
                           ode_shim_planar *planar) {
  return guarded([&] {
    prepare_thread();
    planar->linear = dJointCreateLMotor(world->id, nullptr);
    dJointAttach(planar->linear, body, nullptr);
    dJointSetLMotorNumAxes(planar->linear, 1);
    dJointSetLMotorAxis(planar->linear, 0, 0, normal[0], normal[1], normal[2]);
    dJointSetLMotorParam(planar->linear, dParamFMax, dInfinity);
    dJointSetLMotorParam(planar->linear, dParamCFM, 0);
    planar->angular = dJointCreateAMotor(world->id, nullptr);
    dJointAttach(planar->angular, body, nullptr);
    dJointSetAMotorMode(planar->angular, dAMotorUser);
    dJointSetAMotorNumAxes(planar->angular, 2);
    dJointSetAMotorAxis(planar->angular, 0, 0, u[0], u[1], u[2]);
    dJointSetAMotorAxis(planar->angular, 1, 0, v[0], v[1], v[2]);
    for (const int group : {0, static_cast<int>(dParamGroup)}) {
      dJointSetAMotorParam(planar->angular, dParamFMax + group, dInfinity);
      dJointSetAMotorParam(planar->angular, dParamCFM + group, 0);
    }
  });
}

int ode_shim_planar_set(ode_shim_world *world, ode_shim_planar planar, double along_normal, double about_u,
                        double about_v) {
  return guarded([&] {
    set_planar(planar, along_normal, about_u, about_v);
    if (world->logging) world->log->rows.push_back({planar, along_normal, about_u, about_v});
  });
}
}
