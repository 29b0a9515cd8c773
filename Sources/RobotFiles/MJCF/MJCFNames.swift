/// The elements and attributes of MJCF: those of MuJoCo 3.3 to 4.0 and a few that older versions knew.
enum MJCFNames {
  /// Attributes that several elements share; a word that begins with `$` stands for them.
  static let groups = [
    "turn": "axisangle euler quat xyaxes zaxis",
    "solver": "solimp solref",
    "joint": """
    actuatorfrclimited actuatorfrcrange actuatorgravcomp armature axis damping frictionloss group limited margin pos
    range ref solimpfriction solimplimit solreffriction solreflimit springdamper springref springyield stiffness
    type user
    """,
    "geom": """
    adhesion castshadow conaffinity condim contype density fitscale fluidcoef fluidshape friction fromto gap group
    hfield margin mass material mesh pos priority rgba shellinertia size solmix surfacevel type user $solver $turn
    """,
    "site": "fromto group material mesh pos rgba size type user $turn",
    "camera": """
    focal focalpixel fovy ipd mode orthographic output pos principal principalpixel projection resolution sensorsize
    user $turn
    """,
    "light": """
    active ambient attenuation bulbradius castshadow cutoff diffuse dir directional exponent intensity mode pos
    range softness specular type
    """,
    "texture": """
    builtin colorspace embed gridlayout gridsize height hflip mark markrgb nchannel random rgb1 rgb2 type vflip
    width
    """,
    "material": """
    emission metallic reflectance rgba roughness shininess specular texrepeat texture texuniform
    """,
    "pair": "adhesion condim friction gap margin solreffriction $solver",
    "tendon": """
    actuatorfrclimited actuatorfrcrange armature damping frictionloss group limited margin range solimpfriction
    solimplimit solreffriction solreflimit springlength springyield stiffness user
    """,
    "drive": """
    armature cranklength ctrllimited ctrlrange damping delay forcelimited forcerange gear group interp nsample user
    """,
    "limit": "ctrlrange delay forcelimited forcerange group interp nsample user",
    "general": """
    actdim actearly actlimited actrange biasprm biastype dynprm dyntype ffrange gainprm gaintype inheritrange input
    velrange $drive
    """,
    "position": "dampratio inheritrange kp kv timeconst $drive",
    "intvelocity": "actlimited actrange dampratio inheritrange kp kv $drive",
    "pid": "dampratio ffrange imax inheritrange input ki kp kv posrange slewmax velrange $drive",
    "orientation": "dampratio input kp kv $limit",
    "cylinder": "area bias diameter timeconst $drive",
    "muscle": "force fpmax fvmax lmax lmin range scale tausmooth timeconst vmax $drive",
    "dcmotor": """
    cogging controller inductance input lugre motorconst nominal resistance saturation thermal $drive
    """,
    "target": "class cranksite joint jointinparent lengthrange name refsite site slidersite tendon",
    "sensor": "cutoff delay interp interval name noise nsample user",
    "object": "objname objtype",
    "pairs": "body1 body2 geom1 geom2",
    "skin": "face file group inflate material name rgba texcoord vertex",
  ]

  /// One line an element, or several of the same attributes, below the element that holds it: two blanks a level.
  /// `mujoco/body` stands for bodies and the world, which hold the same elements.
  static let elements = """
    compiler alignfree angle assetdir autolimits balanceinertia boundinertia boundmass conflict convexhull \
    coordinate discardvisual eulerseq exactmeshinertia fitaabb fusestatic inertiafromgeom inertiagrouprange meshdir \
    passthrough savecanonical savecompiled saveinertial settotalmass strippath texturedir usethread
      lengthrange accel interval inttotal maxforce mode timeconst timestep tolrange useexisting uselimit
    option actuatorgroupdisable apirate ccd_iterations ccd_tolerance collision cone density gravity impratio \
    integrator iterations jacobian ls_iterations ls_tolerance magnetic mpr_iterations mpr_tolerance \
    noslip_iterations noslip_tolerance o_friction o_margin o_solimp o_solref sdf_initpoints sdf_iterations \
    sleep_tolerance solver timestep tolerance viscosity wind
      flag actuation autoreset clampctrl constraint contact damper diagexact energy equality eulerdamp filterparent \
    frictionloss fwdinv gravity invdiscrete ipc island limit midphase multiccd nativeccd override passive refsafe \
    sensor sleep speculative spring warmstart
    size memory nconmax njmax nkey nstack nuser_actuator nuser_body nuser_cam nuser_geom nuser_jnt nuser_sensor \
    nuser_site nuser_tendon nuserdata
    statistic center extent meaninertia meanmass meansize
    visual
      global azimuth bvactive cameraid elevation ellipsoidinertia fovy glow ipd linewidth offheight offwidth \
    orthographic realtime
      quality numquads numslices numstacks offsamples shadowsize
      headlight active ambient diffuse specular
      map actuatortendon alpha fogend fogstart force haze shadowclip shadowscale stiffness stiffnessrot torque zfar \
    znear
      scale actuatorlength actuatorwidth camera com connect constraint contactheight contactwidth forcewidth \
    framelength framewidth frustum jointlength jointwidth light selectpoint slidercrank
      rgba actuator actuatornegative actuatorpositive bv bvactive camera com connect constraint contactforce \
    contactfriction contactgap contactpoint contacttorque crankbroken fog force frustum haze inertia joint light \
    rangefinder selectpoint slidercrank
    default class
      mesh inertia maxhullvert scale
      texture $texture
      material $material
        layer role texture
      joint $joint
      geom $geom
      site $site
      camera $camera
      light $light
      pair $pair
      equality active $solver
      tendon material rgba width $tendon
      general $general
      motor $drive
      position $position
      velocity kv $drive
      intvelocity $intvelocity
      orientation $orientation
      pid $pid
      damper kv $drive
      cylinder $cylinder
      muscle $muscle
      adhesion gain $limit
      dcmotor $dcmotor
    extension
      plugin plugin
        instance name
          config key value
    asset
      mesh builtin class content_type face file inertia material maxhullvert name normal params refpos refquat scale \
    smoothnormal texcoord vertex
        plugin instance plugin
          config key value
      hfield content_type elevation file name ncol nrow size
      skin $skin
        bone bindpos bindquat body vertid vertweight
      texture class content_type file fileback filedown filefront fileleft fileright fileup name $texture
      material class name $material
        layer role texture
      model content_type file name
    body childclass fuse gravcomp mocap name pos simple sleep user $turn
      inertial diaginertia fullinertia mass pos $turn
      joint class name $joint
      freejoint align group name
      geom class name $geom
        plugin instance plugin
          config key value
      site class name $site
      camera class name target $camera
      light class name target texture $light
    deformable
      skin $skin
        bone bindpos bindquat body vertid vertweight
    contact
      pair class name geom1 geom2 $pair
      exclude body1 body2 name
    tendon
      spatial class material name rgba width $tendon
        site site
        geom geom sidesite
        pulley divisor
      fixed class name $tendon
        joint coef joint
    equality
      connect|weld active anchor body1 body2 class name relpose site1 site2 torquescale $solver
      joint active class joint1 joint2 name polycoef $solver
      tendon active class name polycoef tendon1 tendon2 $solver
      flex|flexstrain|flexvert active cell class flex name $solver
    actuator
      general body $general $target
      motor $drive $target
      position $position $target
      velocity kv $drive $target
      intvelocity $intvelocity $target
      orientation class joint name refsite site $orientation
      pid $pid $target
      damper kv $drive $target
      cylinder $cylinder $target
      muscle $muscle $target
      adhesion body class gain name $limit
      dcmotor $dcmotor $target
    sensor
      touch|accelerometer|velocimeter|gyro|force|torque|magnetometer site $sensor
      camprojection|rangefinder camera data site $sensor
      jointpos|jointvel|jointactuatorfrc|jointlimitpos|jointlimitvel|jointlimitfrc|ballquat|ballangvel joint $sensor
      tendonpos|tendonvel|tendonactuatorfrc|tendonlimitpos|tendonlimitvel|tendonlimitfrc tendon $sensor
      actuatorpos|actuatorvel|actuatorfrc actuator $sensor
      framepos|framequat|framexaxis|frameyaxis|framezaxis|framelinvel|frameangvel|framelinacc|frameangacc $object \
    refname reftype $sensor
      subtreecom|subtreelinvel|subtreeangmom body $sensor
      insidesite enclosed site $object $sensor
      distance|normal|fromto $pairs $sensor
      contact data num reduce site subtree1 subtree2 $pairs $sensor
      e_potential|e_kinetic|clock $sensor
      tactile geom mesh $sensor
      user datatype dim needstage $object $sensor
      plugin instance plugin refname reftype $object $sensor
        config key value
    custom
      numeric data name size
      text data name
      tuple name
        element prm $object
    keyframe
      key act ctrl mpos mquat name plastic qpos qvel time
    """

  /// What is known but cannot be simulated, with the reason.
  static let refused = [
    "composite": "composite objects are not supported; save the model from MuJoCo to have them written out",
    "flexcomp": "soft bodies are not supported",
    "flex": "soft bodies are not supported",
    "attach": "attached models are not supported; save the model from MuJoCo to have them written out",
    "replicate": "replicated elements are not supported; save the model from MuJoCo to have them written out",
    "plugin": "plugins are not supported",
  ]
}
