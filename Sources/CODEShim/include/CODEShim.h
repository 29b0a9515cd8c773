// The calls of ODE that can fail, made safe: ODE reports a failed assertion through a handler and then ends the process.
// Here the handlers throw, every function below catches, and the caller sees a return value instead.
//
// Units are SI. Vectors are three doubles, quaternions four (w x y z), rotations ODE's twelve (three rows of four).
// The ODE types are only named, so that this header and ODE's own can be imported side by side.

#ifndef CODESHIM_H
#define CODESHIM_H

#ifdef __cplusplus
extern "C" {
#endif

struct dxWorld;
struct dxBody;
struct dxGeom;
struct dxJoint;

/// A world with all it owns: ODE's world, its threading implementation, its contact group and its geometries.
struct ode_shim_world;

enum { ODE_SHIM_OK = 0, ODE_SHIM_FAULT = -1 };

enum ode_shim_shape { ODE_SHIM_BOX, ODE_SHIM_SPHERE, ODE_SHIM_CAPSULE, ODE_SHIM_CYLINDER };

enum ode_shim_joint_kind {
  ODE_SHIM_HINGE,
  ODE_SHIM_SLIDER,
  ODE_SHIM_BALL,
  ODE_SHIM_UNIVERSAL,
  ODE_SHIM_FIXED,
  // One row along or about an axis; see `ode_shim_motor_create`.
  ODE_SHIM_LINEAR_MOTOR,
  ODE_SHIM_ANGULAR_MOTOR
};

/// How two surfaces act on each other. A `planar` contact has friction only within the plane across `plane_normal`; any
/// other lets the surfaces creep along the friction force at `creep` meters per second and newton.
struct ode_shim_surface {
  double friction;
  double erp;
  double cfm;
  double creep;
  int planar;
  double plane_normal[3];
};

struct ode_shim_world_settings {
  double gravity[3];
  double erp;
  double cfm;
  double max_correcting_velocity;
  double surface_layer;
  int quick_iterations;  // 0: the direct solver
};

/// What the last fault on this thread said.
const char *ode_shim_error(void);

/// Messages (not faults) that ODE has given on this thread so far.
unsigned long ode_shim_message_count(void);

/// NULL on a fault.
struct ode_shim_world *ode_shim_world_create(const struct ode_shim_world_settings *settings);
void ode_shim_world_destroy(struct ode_shim_world *world);

/// Advances by `h` seconds and removes the contacts made since the last step.
int ode_shim_world_step(struct ode_shim_world *world, double h);

/// Has every further step measure the forces of contacts.
void ode_shim_world_measure_contacts(struct ode_shim_world *world);

/// Adds, for each body in the order of creation, the force of the ground in the last substep and that of other bodies, N:
/// six numbers a body. Nothing where contacts are not measured.
void ode_shim_world_add_contact_forces(const struct ode_shim_world *world, double *sums);

/// NULL on a fault. The origin is the center of mass; `inertia` is xx yy zz xy xz yz about it.
struct dxBody *ode_shim_body_create(struct ode_shim_world *world, const double *position, const double *quaternion,
                                    double mass, const double *inertia);

/// Makes a body heavier or lighter; the center of mass stays the origin.
int ode_shim_body_set_mass(struct dxBody *body, double mass, const double *inertia);

/// Writes a pose to the bit: ODE's own setter normalizes the quaternion and so moves its last digits.
void ode_shim_body_set_pose(struct dxBody *body, const double *position, const double *quaternion,
                            const double *rotation);

/// NULL on a fault. `size` is a box's three edges, or radius and length.
struct dxGeom *ode_shim_geom_create(struct ode_shim_world *world, struct dxBody *body, enum ode_shim_shape shape,
                                    const double *size, const double *offset, const double *offset_quaternion);

/// NULL on a fault. The plane z = height.
struct dxGeom *ode_shim_plane_create(struct ode_shim_world *world, double height);

/// Makes the contacts between two geometries for a step of `h` seconds. Returns their number, or `ODE_SHIM_FAULT`. Raises
/// `deepest` to the depth of the deepest of them, m.
int ode_shim_collide(struct ode_shim_world *world, struct dxGeom *a, struct dxGeom *b,
                     const struct ode_shim_surface *surface, double h, double *deepest);

/// The depth of the overlap of two geometries, m; 0 where they are apart. Below 0 on a fault. Makes no contacts.
double ode_shim_depth(struct ode_shim_world *world, struct dxGeom *a, struct dxGeom *b);

/// NULL on a fault. A NULL parent is the world. `axis1` turns with the parent, `axis2` (universal) with the child.
struct dxJoint *ode_shim_joint_create(struct ode_shim_world *world, enum ode_shim_joint_kind kind, struct dxBody *child,
                                      struct dxBody *parent, const double *anchor, const double *axis1,
                                      const double *axis2);

/// NULL on a fault. A joint of no more than a motor row along or about `axis`, which turns with the child or the parent.
struct dxJoint *ode_shim_motor_create(struct ode_shim_world *world, enum ode_shim_joint_kind kind, struct dxBody *child,
                                      struct dxBody *parent, const double *axis, int axis_on_child);

/// Stops of one axis (0 or 1); infinite bounds are allowed.
int ode_shim_joint_set_stops(struct dxJoint *joint, enum ode_shim_joint_kind kind, int axis, double lower, double upper,
                             double erp, double cfm);

/// One motor row: velocity + cfm * force = target, |force| <= max_force.
int ode_shim_joint_set_motor(struct ode_shim_world *world, struct dxJoint *joint, enum ode_shim_joint_kind kind,
                             int axis, double target, double cfm, double max_force);

/// Force along a slider's axis for the next step, on the child; its opposite acts on the parent.
void ode_shim_slider_add_force(struct dxJoint *joint, double force);

/// Asks ODE to keep the constraint force of this joint; see `ode_shim_joint_force`.
int ode_shim_joint_keep_force(struct ode_shim_world *world, struct dxJoint *joint);

/// Constraint force (three numbers) and torque about the center of mass (three) on the child in the last step.
void ode_shim_joint_force(struct dxJoint *joint, double *force_and_torque);

/// Rows that hold a body in the plane with this unit normal: one linear and two angular.
struct ode_shim_planar {
  struct dxJoint *linear;
  struct dxJoint *angular;
};
int ode_shim_planar_create(struct ode_shim_world *world, struct dxBody *body, const double *normal, const double *u,
                           const double *v, struct ode_shim_planar *planar);

/// Velocities that those rows shall have after the next step: along the normal, about u and about v.
int ode_shim_planar_set(struct ode_shim_world *world, struct ode_shim_planar planar, double along_normal,
                        double about_u, double about_v);

/// Starts a log of the commands given to the world, substep by substep: placements of bodies, the sum of the forces and of
/// the torques on each, motors, and the geometries to collide. Replaces an earlier log.
int ode_shim_log_start(struct ode_shim_world *world);

/// Ends the log, puts the bodies back to its start and repeats all its commands in one loop of ODE calls. The bodies end
/// as they were at the end of the log, to the bit.
int ode_shim_log_rerun(struct ode_shim_world *world);

#ifdef __cplusplus
}
#endif
#endif
