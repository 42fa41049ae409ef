package io.tandem.conf;

import java.io.Serializable;

/**
 * The configuration of a lane's predictions.
 *
 * @param device the device to use, or that the task's resources decide
 * @param intraOpThreads the threads within one forward pass
 * @param batchSize the frames of one forward pass
 * @param export the export of the model
 * @param modelScope who shares one loaded model
 */
public record LaneConfig(
    DeviceChoice device, int intraOpThreads, int batchSize, Export export, ModelScope modelScope)
    implements Serializable {
  public LaneConfig {
    if (intraOpThreads < 1) {
      throw new IllegalArgumentException("intra-op threads must be positive: " + intraOpThreads);
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size must be positive: " + batchSize);
    }
  }
}
