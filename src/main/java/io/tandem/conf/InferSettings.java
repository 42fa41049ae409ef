package io.tandem.conf;

/**
 * How {@code infer} runs.
 *
 * @param intraOpThreads auto: found by a search, as {@code batchSize}
 * @param searchShare the search takes at most this share of the time of the work ahead
 * @param framesPerTask auto: by the number of slots
 * @param follow whether a folder is followed, and how
 */
public record InferSettings(
    DeviceChoice device,
    AutoInt lanes,
    AutoInt intraOpThreads,
    AutoInt batchSize,
    double searchShare,
    ModelScope modelScope,
    AutoInt framesPerTask,
    FollowSettings follow) {
  public InferSettings {
    Require.atLeast("infer.lanes", lanes, 1);
    Require.atLeast("infer.intra-op-threads", intraOpThreads, 1);
    Require.atLeast("infer.batch-size", batchSize, 1);
    Require.notNegative("infer.search-share", searchShare);
    Require.atLeast("infer.frames-per-task", framesPerTask, 1);
  }

  /**
   * Returns the task slots of this machine without a master in the call; a lane with several
   * threads takes as many.
   */
  public int slots(int cores) {
    int threads = intraOpThreads.get();
    return lanes.isAuto() ? Math.max(cores, threads) : threads * lanes.get();
  }

  /**
   * Returns the configuration of a lane; threads and batch size are numbers.
   *
   * @param on the device, which may be auto
   */
  public LaneConfig lane(DeviceChoice on, Export export) {
    return new LaneConfig(on, intraOpThreads.get(), batchSize.get(), export, modelScope);
  }

  /** Returns whether threads or batch size have to be searched. */
  public boolean isAuto() {
    return intraOpThreads.isAuto() || batchSize.isAuto();
  }

  /** Returns the same with another share for the search, which may be more than all the work. */
  public InferSettings withSearchShare(double share) {
    return new InferSettings(
        device, lanes, intraOpThreads, batchSize, share, modelScope, framesPerTask, follow);
  }

  /** Returns the same with these numbers in place of auto. */
  public InferSettings with(int threads, int frames) {
    return new InferSettings(
        device,
        lanes,
        AutoInt.of(threads),
        AutoInt.of(frames),
        searchShare,
        modelScope,
        framesPerTask,
        follow);
  }

  /** Returns the same that follows a folder in another way. */
  public InferSettings withFollow(FollowSettings other) {
    return new InferSettings(
        device, lanes, intraOpThreads, batchSize, searchShare, modelScope, framesPerTask, other);
  }
}
