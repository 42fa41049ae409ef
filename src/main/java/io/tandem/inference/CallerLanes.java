package io.tandem.inference;

import io.tandem.conf.Device;
import io.tandem.conf.Settings;
import io.tandem.lane.ExportChoice;
import io.tandem.lane.LaneSpec;
import io.tandem.model.ModelFolder;
import io.tandem.model.ModelSpec;
import io.tandem.run.RunPictures;
import io.tandem.spark.Session;
import java.util.List;
import java.util.Set;

/**
 * The model of a program of somebody else, and lanes for it in the program's session, of whose
 * executors nothing is known: an export is chosen that suits any CPU.
 */
public record CallerLanes(Session session, Settings settings, ModelSpec model) {

  /**
   * Reads the model's folder; the model itself is loaded by the tasks.
   *
   * @throws io.tandem.conf.InputException if it has no model that can be used
   */
  public static CallerLanes of(Session session, CallerSettings given) {
    Settings settings = given.in(session);
    ModelFolder folder = ModelFolder.open(settings.model(), session.hadoop());
    if (session.isLocal()) {
      ModelFolder here = folder.forThisJvm();
      return new CallerLanes(session, settings, here.spec(ExportChoice.here(here).export()));
    }
    Device.Kind kind = session.kind(settings.infer().device());
    String export = folder.preferred(List.of(kind), List.of(Set.of())).export();
    return new CallerLanes(session, settings, folder.spec(export));
  }

  /** Returns lanes of which each task opens one; their pictures are in the rows. */
  public LaneSpec lanes() {
    return InferJob.lanes(settings, model, Math.max(1, session.slots()), session.broadcastHadoop())
        .with(RunPictures.inRows(settings.output()));
  }
}
