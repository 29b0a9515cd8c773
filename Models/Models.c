#include "Models.h"

#include <string.h>

static const unsigned char pendulum[] = {
#embed "pendulum.safetensors"
};

static const unsigned char pendulum_hidden[] = {
#embed "pendulum-hidden.safetensors"
};

static const unsigned char cartpole[] = {
#embed "cartpole.safetensors"
};

static const unsigned char cartpole_discrete[] = {
#embed "cartpole-discrete.safetensors"
};

static const unsigned char inverted_double_pendulum[] = {
#embed "inverted-double-pendulum.safetensors"
};

static const unsigned char reacher[] = {
#embed "reacher.safetensors"
};

static const unsigned char hopper[] = {
#embed "hopper.safetensors"
};

static const unsigned char walker2d[] = {
#embed "walker2d.safetensors"
};

static const unsigned char half_cheetah[] = {
#embed "half-cheetah.safetensors"
};

static const unsigned char ant[] = {
#embed "ant.safetensors"
};

static const unsigned char biped[] = {
#embed "biped.safetensors"
};

static const unsigned char biped_imu[] = {
#embed "biped-imu.safetensors"
};

static const unsigned char biped_commanded[] = {
#embed "biped-commanded.safetensors"
};

static const unsigned char arm[] = {
#embed "arm.safetensors"
};

static const unsigned char arm7[] = {
#embed "arm7.safetensors"
};

static const unsigned char quadruped[] = {
#embed "quadruped.safetensors"
};

static const unsigned char hexapod[] = {
#embed "hexapod.safetensors"
};

static const unsigned char pusher[] = {
#embed "pusher.safetensors"
};

static const unsigned char humanoid[] = {
#embed "humanoid.safetensors"
};

static const unsigned char humanoid_imu[] = {
#embed "humanoid-imu.safetensors"
};

#define MODEL(name, bytes) {name, bytes, sizeof bytes}

static const struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} models[] = {
    MODEL("pendulum", pendulum),
    MODEL("pendulum-hidden", pendulum_hidden),
    MODEL("cartpole", cartpole),
    MODEL("cartpole-discrete", cartpole_discrete),
    MODEL("inverted-double-pendulum", inverted_double_pendulum),
    MODEL("reacher", reacher),
    MODEL("hopper", hopper),
    MODEL("walker2d", walker2d),
    MODEL("half-cheetah", half_cheetah),
    MODEL("ant", ant),
    MODEL("biped", biped),
    MODEL("biped-imu", biped_imu),
    MODEL("biped-commanded", biped_commanded),
    MODEL("quadruped", quadruped),
    MODEL("hexapod", hexapod),
    MODEL("humanoid", humanoid),
    MODEL("humanoid-imu", humanoid_imu),
    MODEL("arm", arm),
    MODEL("arm7", arm7),
    MODEL("pusher", pusher),
};

const unsigned char *models_find(const char *name, size_t *count) {
  for (size_t i = 0; i < sizeof models / sizeof models[0]; ++i) {
    if (strcmp(models[i].name, name) == 0) {
      *count = models[i].count;
      return models[i].bytes;
    }
  }
  *count = 0;
  return NULL;
}
