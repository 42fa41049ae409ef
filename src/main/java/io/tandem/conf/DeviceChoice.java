package io.tandem.conf;

/** The device that the user asks for; a lane's device is resolved in the task. */
public enum DeviceChoice {
  /** A GPU where Spark assigned one, else the CPU. */
  AUTO,
  CPU,
  GPU
}
