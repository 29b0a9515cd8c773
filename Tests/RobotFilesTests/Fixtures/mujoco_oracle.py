#!/usr/bin/env python3
"""What MuJoCo makes of a robot file, as JSON: an independent check of an importer.

usage: mujoco-oracle.py FILE [--base auto|floating|fixed] [--states N] [--seed S] [--meshes auto|keep|drop]
                 [--packages DIR[:DIR]] [--out OUT.json] [--quiet]

  --base      a root link of a URDF says nothing about it; an MJCF says it itself. auto: an MJCF as it is; a URDF is fixed
              if its root link is called world, map or odom or all that is rigidly tied to it weighs nothing, else floating.
  --meshes    drop: all mesh geoms of bodies whose inertia is given; keep: none; auto: drop them where a file is missing.

Static part, per body: mass, center of mass and inertia about it, in the body's frame and in world axes at qpos0; pose at
qpos0. Per joint: anchor and axis in the world at qpos0 and in the parent's frame, range, damping, armature, stiffness,
spring rest, ref, friction loss. `groups` are bodies rigidly tied together (what a merging importer should have as one
link). `pairs` are the groups that may touch each other, `ground` those that may touch a plane of the world.

Dynamic part, per state: contacts, limits, equalities, dry friction and actuators are off; gravity, springs, dampers and
armature are on. Accelerations are those of the exact continuous system, not of a time step. Angular velocities and
accelerations are in world axes; those of the free joint too (MuJoCo's own are in the body's). `actuation` has the
generalised forces of the actuators for random controls.

A URDF is handed to MuJoCo with every inertia turned into link axes first and rpy set to zero, since MuJoCo up to 3.12 loses
the rpy of <inertial><origin> (google-deepmind/mujoco#3559), and without fusestatic (google-deepmind/mujoco#2982). A link without
<inertial>, or with mass 0, weighs nothing; meshes of a URDF are left out unless --meshes keep.
"""
import argparse, json, math, os, sys
import xml.etree.ElementTree as ET
import numpy as np
import mujoco as mj


def rpy_matrix(rpy):
    r, p, y = rpy
    cr, sr, cp, sp, cy, sy = math.cos(r), math.sin(r), math.cos(p), math.sin(p), math.cos(y), math.sin(y)
    return (np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1]]) @ np.array([[cp, 0, sp], [0, 1, 0], [-sp, 0, cp]])
            @ np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]]))


def vec(text, default):
    return [float(x) for x in text.split()] if text else list(default)


def resolve(name, folder, packages):
    """Where a mesh's file is, or None."""
    if name.startswith('file://'): name = name[7:]
    if name.startswith(('package://', 'model://')):
        rest = name.split('://', 1)[1]
        pkg, _, tail = rest.partition('/')
        up = os.path.abspath(folder)
        tries = [os.path.join(p, rest) for p in packages]
        while True:
            if os.path.basename(up) == pkg: tries.append(os.path.join(up, tail))
            tries.append(os.path.join(up, rest))
            parent = os.path.dirname(up)
            if parent == up: break
            up = parent
    else:
        tries = [name if os.path.isabs(name) else os.path.join(folder, name)]
    return next((os.path.abspath(t) for t in tries if os.path.isfile(t)), None)


def prepare_urdf(root, folder, packages, meshes, notes):
    links = root.findall('link'); joints = root.findall('joint')
    for e in list(root):
        if e.tag not in ('link', 'joint', 'mujoco'): root.remove(e)
    for m in root.findall('mujoco'): root.remove(m)
    c = ET.SubElement(ET.SubElement(root, 'mujoco'), 'compiler')
    c.set('fusestatic', 'false'); c.set('discardvisual', 'true'); c.set('strippath', 'false')
    children = {j.find('child').get('link') for j in joints}
    roots = [l.get('name') for l in links if l.get('name') not in children]
    given = {}
    for l in links:
        for v in l.findall('visual'): l.remove(v)
        i = l.find('inertial')
        mass, com, I = 0.0, np.zeros(3), np.zeros((3, 3))
        if i is not None:
            m = i.find('mass'); t = i.find('inertia'); o = i.find('origin')
            mass = float(m.get('value') or 0) if m is not None else 0.0
            R = np.eye(3)
            if o is not None:
                com = np.array(vec(o.get('xyz'), (0, 0, 0))); R = rpy_matrix(vec(o.get('rpy'), (0, 0, 0)))
            if t is not None:
                g = lambda k: float(t.get(k) or 0)
                I = np.array([[g('ixx'), g('ixy'), g('ixz')], [g('ixy'), g('iyy'), g('iyz')], [g('ixz'), g('iyz'), g('izz')]])
                I = R @ I @ R.T
            if not mass > 0: mass, I = 0.0, np.zeros((3, 3))
            l.remove(i)
        given[l.get('name')] = (mass, com, I)
        # MuJoCo gets a stand-in that it surely takes; the true numbers are put into the compiled model.
        l.append(ET.fromstring('<inertial><origin xyz="0.01 0.02 0.03"/><mass value="1"/><inertia ixx="0.1" iyy="0.11" izz="0.12" '
                               'ixy="0.001" ixz="0.002" iyz="0.003"/></inertial>'))
        for col in l.findall('collision'):
            geo = col.find('geometry'); mesh = geo.find('mesh') if geo is not None else None
            shapes = [s.tag for s in geo] if geo is not None else []
            if mesh is None:
                if not shapes or shapes[0] not in ('box', 'sphere', 'cylinder', 'capsule'):
                    notes.append(f"geometry {shapes} of '{l.get('name')}' left out"); l.remove(col)
                continue
            path = resolve(mesh.get('filename') or '', folder, packages)
            usable = path and os.path.splitext(path)[1].lower() in ('.stl', '.obj', '.msh')
            if meshes != 'keep' or not usable:
                notes.append(f"mesh '{mesh.get('filename')}' of '{l.get('name')}' left out" + ('' if path else ' (no such file)'))
                l.remove(col)
            else: mesh.set('filename', path)
    return roots, given


def load(args):
    data = open(args.file, 'rb').read()
    root = ET.fromstring(data)
    folder = os.path.dirname(os.path.abspath(args.file))
    notes = []
    if root.tag == 'robot':
        roots, given = prepare_urdf(root, folder, args.packages, args.meshes, notes)
        text = ET.tostring(root, encoding='unicode')
        spec = mj.MjSpec.from_string(text)
        base = args.base
        if base == 'auto':
            # What the root is rigidly tied to weighs nothing, or it is the world: fixed. Otherwise the file does not say.
            tied = [roots[0]]; seen = 0
            while seen < len(tied):
                tied += [j.find('child').get('link') for j in root.findall('joint')
                         if j.get('type') == 'fixed' and j.find('parent').get('link') == tied[seen]]; seen += 1
            free = any(j.get('type') == 'floating' for j in root.findall('joint'))
            base = 'as in the file' if free else 'fixed' if roots[0] in ('world', 'map', 'odom') or not sum(given[t][0] for t in tied) > 0 else 'floating'
        if base == 'floating':
            b = spec.body(roots[0]); b.add_freejoint(name='root_free')
        if len(roots) > 1: notes.append(f'{len(roots)} roots: {roots}')
        return 'urdf', base, spec, notes, given
    spec = mj.MjSpec.from_file(args.file)
    def drop(every):
        n = 0
        for g in list(spec.geoms):
            if g.type == mj.mjtGeom.mjGEOM_MESH and (every or g.parent.explicitinertial): spec.delete(g); n += 1
        used = {g.meshname for g in spec.geoms}
        for m in list(spec.meshes):
            if m.name not in used: spec.delete(m)
        for g in spec.geoms: g.material = ''
        for t in list(spec.textures) + list(spec.materials):
            try: spec.delete(t)
            except Exception: pass
        if n: notes.append(f'{n} mesh geoms left out')
    if args.meshes == 'drop': drop(False)
    elif args.meshes == 'auto':
        try: spec.compile()
        except Exception as e:
            notes.append('as it is: ' + str(e).split('\n')[0]); spec = mj.MjSpec.from_file(args.file); drop(False)
    return 'mjcf', 'as in the file', spec, notes, None


def L(a): return np.asarray(a, float).tolist()
def mat(q): r = np.zeros(9); mj.mju_quat2Mat(r, q); return r.reshape(3, 3)
def name(m, t, i): return mj.mj_id2name(m, t, i) or f'#{i}'  # what has no name goes by its number in MuJoCo


def lowest(m, d, only=None):
    z = math.inf
    for g in range(m.ngeom):
        if m.geom_bodyid[g] == 0 or m.body_weldid[m.geom_bodyid[g]] == 0: continue
        if m.geom_contype[g] == 0 and m.geom_conaffinity[g] == 0: continue
        if only is not None and m.body_weldid[m.geom_bodyid[g]] != only: continue
        R = d.geom_xmat[g].reshape(3, 3); p = d.geom_xpos[g]; s = m.geom_size[g]; t = m.geom_type[g]
        a = np.abs(R[2])
        if t == mj.mjtGeom.mjGEOM_SPHERE: e = s[0]
        elif t == mj.mjtGeom.mjGEOM_CAPSULE: e = s[0] + a[2] * s[1]
        elif t == mj.mjtGeom.mjGEOM_CYLINDER: e = s[0] * math.hypot(R[2, 0], R[2, 1]) + a[2] * s[1]
        elif t == mj.mjtGeom.mjGEOM_BOX: e = float(a @ s)
        elif t == mj.mjtGeom.mjGEOM_ELLIPSOID: e = float(np.linalg.norm(R[2] * s))
        elif t == mj.mjtGeom.mjGEOM_MESH:
            k = m.geom_dataid[g]; v = m.mesh_vert[m.mesh_vertadr[k]:m.mesh_vertadr[k] + m.mesh_vertnum[k]]
            e = -float((v @ R[2]).min())
        else: continue
        z = min(z, p[2] - e)
    return z


def main():
    ap = argparse.ArgumentParser(usage=__doc__)
    ap.add_argument('file'); ap.add_argument('--base', default='auto', choices=['auto', 'floating', 'fixed'])
    ap.add_argument('--states', type=int, default=5); ap.add_argument('--seed', type=int, default=1)
    ap.add_argument('--meshes', default='auto', choices=['auto', 'keep', 'drop'])
    ap.add_argument('--packages', default=''); ap.add_argument('--out'); ap.add_argument('--quiet', action='store_true')
    args = ap.parse_args(); args.packages = [p for p in args.packages.split(':') if p]
    kind, base, spec, notes, given = load(args)
    explicit = {b.name: bool(b.explicitinertial) for b in spec.bodies}
    m = spec.compile(); d = mj.MjData(m)
    B, J = mj.mjtObj.mjOBJ_BODY, mj.mjtObj.mjOBJ_JOINT
    if given is not None:
        for b in range(1, m.nbody):
            mass, com, I = given[name(m, B, b)]
            w, V = np.linalg.eigh(I)
            if np.linalg.det(V) < 0: V[:, 0] = -V[:, 0]
            m.body_mass[b] = mass; m.body_ipos[b] = com; m.body_inertia[b] = w
            q = np.zeros(4); mj.mju_mat2Quat(q, V.ravel()); m.body_iquat[b] = q
            explicit[name(m, B, b)] = mass > 0
        try: mj.mj_setConst(m, d)
        except Exception as e: notes.append(str(e))
    D = mj.mjtDisableBit
    mj.mj_forward(m, d)
    out = dict(file=args.file, format=kind, base=base, mujoco=mj.__version__, notes=notes, gravity=L(m.opt.gravity),
               timestep=m.opt.timestep, total_mass=float(m.body_mass[1:].sum()), nq=m.nq, nv=m.nv, nu=m.nu,
               equalities=int(m.neq), tendons=int(m.ntendon))
    bodies = []
    def world_inertia(b):
        R = d.ximat[b].reshape(3, 3); return R @ np.diag(m.body_inertia[b]) @ R.T
    for b in range(1, m.nbody):
        Rb = d.xmat[b].reshape(3, 3); Iw = world_inertia(b)
        bodies.append(dict(name=name(m, B, b), parent=name(m, B, m.body_parentid[b]), group=name(m, B, m.body_weldid[b]),
            joints=[name(m, J, j) for j in range(m.body_jntadr[b], m.body_jntadr[b] + m.body_jntnum[b])],
            inertia_given=explicit.get(name(m, B, b)), mass=float(m.body_mass[b]), com_in_body=L(m.body_ipos[b]),
            inertia_in_body=L(Rb.T @ Iw @ Rb), position=L(d.xpos[b]), quaternion=L(d.xquat[b]), com=L(d.xipos[b]),
            inertia_world_axes=L(Iw), gravcomp=float(m.body_gravcomp[b])))
    out['bodies'] = bodies
    groups = {}
    for b in range(m.nbody): groups.setdefault(int(m.body_weldid[b]), []).append(b)
    out['groups'] = []
    for w, bs in groups.items():
        if w == 0: continue
        mass = float(m.body_mass[bs].sum())
        com = sum(m.body_mass[b] * d.xipos[b] for b in bs) / mass if mass else np.zeros(3)
        I = np.zeros((3, 3))
        for b in bs:
            r = d.xipos[b] - com; I += world_inertia(b) + m.body_mass[b] * (r @ r * np.eye(3) - np.outer(r, r))
        out['groups'].append(dict(name=name(m, B, w), bodies=[name(m, B, b) for b in bs], mass=mass, com=L(com),
                                  inertia_world_axes=L(I)))
    types = {0: 'free', 1: 'ball', 2: 'slide', 3: 'hinge'}
    joints = []
    for j in range(m.njnt):
        v = m.jnt_dofadr[j]; q = m.jnt_qposadr[j]; b = m.jnt_bodyid[j]; t = types[int(m.jnt_type[j])]
        par = m.body_parentid[b]; Rp = d.xmat[par].reshape(3, 3)
        e = dict(name=name(m, J, j), type=t, body=name(m, B, b), parent=name(m, B, par), anchor=L(d.xanchor[j]),
                 axis=L(d.xaxis[j]), axis_in_parent=L(Rp.T @ d.xaxis[j]), limited=bool(m.jnt_limited[j]), range=L(m.jnt_range[j]),
                 armature=float(m.dof_armature[v]), damping=float(np.ravel(m.dof_damping[v])[0]),
                 frictionloss=float(m.dof_frictionloss[v]), stiffness=float(np.ravel(m.jnt_stiffness[j])[0]),
                 effort_limited=bool(m.jnt_actfrclimited[j]), effort_range=L(m.jnt_actfrcrange[j]))
        if t in ('hinge', 'slide'): e.update(ref=float(m.qpos0[q]), springref=float(m.qpos_spring[q]))
        joints.append(e)
    out['joints'] = joints
    acts = []
    for a in range(m.nu):
        tr = mj.mjtTrn(int(m.actuator_trntype[a])).name[6:].lower(); ti = m.actuator_trnid[a, 0]
        acts.append(dict(name=name(m, mj.mjtObj.mjOBJ_ACTUATOR, a), transmission=tr,
            target=name(m, J, ti) if tr.startswith('joint') else name(m, mj.mjtObj.mjOBJ_TENDON, ti) if tr == 'tendon' else '',
            gear=L(m.actuator_gear[a]), ctrl_limited=bool(m.actuator_ctrllimited[a]), ctrl_range=L(m.actuator_ctrlrange[a]),
            force_limited=bool(m.actuator_forcelimited[a]), force_range=L(m.actuator_forcerange[a]),
            dynamics=mj.mjtDyn(int(m.actuator_dyntype[a])).name[6:].lower(), gain=mj.mjtGain(int(m.actuator_gaintype[a])).name[7:].lower(),
            bias=mj.mjtBias(int(m.actuator_biastype[a])).name[7:].lower(), gain_parameters=L(m.actuator_gainprm[a][:3]),
            bias_parameters=L(m.actuator_biasprm[a][:3])))
    out['actuators'] = acts
    # Which groups may touch.
    ex = set()
    for k in range(m.nexclude):
        s = int(m.exclude_signature[k]); ex.add((s >> 16, s & 0xffff))
    pairs, ground = set(), set()
    filt = not (m.opt.disableflags & D.mjDSBL_FILTERPARENT)
    for g in range(m.ngeom):
        for h in range(g + 1, m.ngeom):
            if not (m.geom_contype[g] & m.geom_conaffinity[h] or m.geom_contype[h] & m.geom_conaffinity[g]): continue
            b1, b2 = int(m.geom_bodyid[g]), int(m.geom_bodyid[h]); w1, w2 = int(m.body_weldid[b1]), int(m.body_weldid[b2])
            if w1 == w2 or (min(b1, b2), max(b1, b2)) in ex: continue
            if w1 == 0 or w2 == 0:
                k, wm = (g, w2) if w1 == 0 else (h, w1)
                (ground if m.geom_type[k] == mj.mjtGeom.mjGEOM_PLANE else pairs).add(
                    name(m, B, wm) if m.geom_type[k] == mj.mjtGeom.mjGEOM_PLANE else tuple(sorted((name(m, B, w1), name(m, B, w2)))))
                continue
            p1, p2 = int(m.body_weldid[m.body_parentid[w1]]), int(m.body_weldid[m.body_parentid[w2]])
            if filt and (w1 == p2 or w2 == p1): continue
            pairs.add(tuple(sorted((name(m, B, w1), name(m, B, w2)))))
    out['pairs'] = sorted(map(list, pairs)); out['ground'] = sorted(ground)
    # Where it stands.
    def height(): 
        z = lowest(m, d); return None if not math.isfinite(z) else float(d.xpos[1][2] - z)
    out['root_above_lowest_point_at_qpos0'] = height()
    out['root_height_at_qpos0'] = float(d.xpos[1][2])
    out['keyframes'] = []
    for k in range(m.nkey):
        mj.mj_resetDataKeyframe(m, d, k); mj.mj_forward(m, d)
        out['keyframes'].append(dict(name=name(m, mj.mjtObj.mjOBJ_KEY, k), qpos=L(d.qpos), ctrl=L(m.key_ctrl[k]), root_above_lowest_point=height()))
    # States.
    rng = np.random.default_rng(args.seed)
    flags = m.opt.disableflags
    m.opt.disableflags = flags | D.mjDSBL_CONTACT | D.mjDSBL_LIMIT | D.mjDSBL_EQUALITY | D.mjDSBL_FRICTIONLOSS | D.mjDSBL_ACTUATION
    m.opt.integrator = mj.mjtIntegrator.mjINT_EULER
    comparable = True
    for g in out['groups']:
        w = np.linalg.eigvalsh(np.array(g['inertia_world_axes']))
        if not g['mass'] > 0: notes.append(f"the moving group '{g['name']}' has no mass"); comparable = False
        elif w[0] <= 0: notes.append(f"the inertia of the group '{g['name']}' is not positive: {w.tolist()}"); comparable = False
        elif w[0] + w[1] < w[2] * (1 - 1e-6): notes.append(f"the inertia of the group '{g['name']}' breaks the triangle inequality: {w.tolist()}")
    def draw():
        mj.mj_resetData(m, d)
        for j in range(m.njnt):
            t = types[int(m.jnt_type[j])]; q = m.jnt_qposadr[j]; v = m.jnt_dofadr[j]
            if t == 'free':
                d.qpos[q:q + 3] = rng.uniform(-1, 1, 3) + [0, 0, 2]; w = rng.normal(size=4); d.qpos[q + 3:q + 7] = w / np.linalg.norm(w)
                d.qvel[v:v + 6] = rng.normal(size=6)
            elif t == 'ball':
                w = rng.normal(size=4); d.qpos[q:q + 4] = w / np.linalg.norm(w); d.qvel[v:v + 3] = rng.normal(size=3)
            else:
                lo, hi = m.jnt_range[j] if m.jnt_limited[j] else m.qpos0[q] + np.array([-1, 1]) * (1 if t == 'hinge' else 0.2)
                lo, hi = max(lo, m.qpos0[q] - 3), min(hi, m.qpos0[q] + 3)
                d.qpos[q] = rng.uniform(lo + 0.05 * (hi - lo), hi - 0.05 * (hi - lo)); d.qvel[v] = rng.normal() * (1 if t == 'hinge' else 0.3)
    def state_dict():
        s = dict(joints={}, root=None)
        for j in range(m.njnt):
            t = types[int(m.jnt_type[j])]; q = m.jnt_qposadr[j]; v = m.jnt_dofadr[j]; n = name(m, J, j)
            if t == 'free':
                R = mat(d.qpos[q + 3:q + 7])
                s['root'] = dict(position=L(d.qpos[q:q + 3]), quaternion=L(d.qpos[q + 3:q + 7]), velocity=L(d.qvel[v:v + 3]),
                                 angular_velocity=L(R @ d.qvel[v + 3:v + 6]))
            elif t == 'ball': s['joints'][n] = dict(quaternion=L(d.qpos[q:q + 4]), angular_velocity_local=L(d.qvel[v:v + 3]))
            else: s['joints'][n] = dict(position=float(d.qpos[q]), velocity=float(d.qvel[v]))
        return s
    states = []
    for _ in range(args.states if comparable else 0):
        draw(); s = state_dict()
        scale = max(0.5, 0.05 * 9.81 * out['total_mass'])
        d.qfrc_applied[:] = 0
        for j in range(m.njnt):
            if types[int(m.jnt_type[j])] in ('hinge', 'slide'):
                v = m.jnt_dofadr[j]; f = rng.uniform(-scale, scale); d.qfrc_applied[v] = f; s['joints'][name(m, J, j)]['effort'] = float(f)
        mj.mj_forward(m, d)
        M = np.zeros((m.nv, m.nv))
        for k in range(m.nv):
            unit = np.zeros(m.nv); unit[k] = 1; mj.mj_mulM(m, d, M[k], unit)
        for j in range(m.njnt):
            t = types[int(m.jnt_type[j])]; v = m.jnt_dofadr[j]
            if t in ('hinge', 'slide'):
                s['joints'][name(m, J, j)].update(acceleration=float(d.qacc[v]), passive=float(d.qfrc_passive[v]), inertia=float(M[v, v]))
        s['bodies'] = {}
        jp, jr, dp, dr = (np.zeros((3, m.nv)) for _ in range(4))
        for b in range(1, m.nbody):
            mj.mj_jac(m, d, jp, jr, d.xipos[b], b); mj.mj_jacDot(m, d, dp, dr, d.xipos[b], b)
            s['bodies'][name(m, B, b)] = dict(position=L(d.xpos[b]), quaternion=L(d.xquat[b]), com=L(d.xipos[b]),
                com_velocity=L(jp @ d.qvel), angular_velocity=L(jr @ d.qvel), com_acceleration=L(jp @ d.qacc + dp @ d.qvel),
                angular_acceleration=L(jr @ d.qacc + dr @ d.qvel))
        states.append(s)
    out['states'] = states
    m.opt.disableflags = (flags | D.mjDSBL_CONTACT | D.mjDSBL_LIMIT | D.mjDSBL_EQUALITY | D.mjDSBL_FRICTIONLOSS)
    out['actuation'] = []
    for _ in range(args.states if m.nu and comparable else 0):
        draw(); s = state_dict(); d.act[:] = 0
        for a in range(m.nu):
            lo, hi = m.actuator_ctrlrange[a] if m.actuator_ctrllimited[a] else (-1, 1)
            d.ctrl[a] = rng.uniform(lo, hi)
        mj.mj_forward(m, d)
        s['controls'] = L(d.ctrl); s['actuator_force'] = L(d.actuator_force)
        s['generalised_force'] = {name(m, J, j): float(d.qfrc_actuator[m.jnt_dofadr[j]]) for j in range(m.njnt) if types[int(m.jnt_type[j])] in ('hinge', 'slide')}
        out['actuation'].append(s)
    text = json.dumps(out, indent=1)
    if args.out: open(args.out, 'w').write(text)
    if not args.quiet and not args.out: print(text)
    if args.out and not args.quiet:
        moving = sum(t in ('hinge', 'slide', 'ball') for t in (x['type'] for x in joints))
        print(f"{os.path.basename(args.file)}: {kind}, {base}, {m.nbody - 1} bodies in {len(out['groups'])} moving groups, {moving} joints, {m.nu} actuators, "
              f"{out['total_mass']:.4f} kg, root {out['root_above_lowest_point_at_qpos0']} m above its lowest point" + (f"; {len(notes)} notes" if notes else ''))

main()
