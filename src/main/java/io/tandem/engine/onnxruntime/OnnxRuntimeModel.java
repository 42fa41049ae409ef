package io.tandem.engine.onnxruntime;

import io.tandem.engine.Batch;
import io.tandem.engine.LoadedModel;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import io.tandem.engine.SessionOptions;
import io.tandem.engine.djl.DjlPredictor;
import io.tandem.engine.onnxruntime.SessionFactory.Session;
import io.tandem.model.ModelSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A model in the memory of one device. With one intra-op thread, all lanes share a session, and
 * each computes on its own thread. More threads belong to a session, and lanes that shared one
 * would share them: then each lane has a session, which later lanes use again.
 */
final class OnnxRuntimeModel implements LoadedModel {
  private final SessionFactory factory;
  private final boolean isShared;
  private final List<Session> all = new ArrayList<>();
  private final Deque<Session> idle = new ArrayDeque<>();

  private OnnxRuntimeModel(SessionFactory factory) {
    this.factory = factory;
    this.isShared = factory.options().intraOpThreads() == 1 || factory.device().isGpu();
  }

  /** Loads the model file. */
  static OnnxRuntimeModel load(SessionFactory factory) {
    OnnxRuntimeModel model = new OnnxRuntimeModel(factory);
    model.give(model.take());
    return model;
  }

  private Session take() {
    synchronized (this) {
      Session session = isShared ? idle.peek() : idle.poll();
      if (session != null) {
        return session;
      }
    }
    Session session = factory.open();
    synchronized (this) {
      all.add(session);
    }
    return session;
  }

  private synchronized void give(Session session) {
    if (!idle.contains(session)) {
      idle.push(session);
    }
  }

  /** Returns the number of sessions in memory. */
  synchronized int sessions() {
    return all.size();
  }

  @Override
  public Predictor newPredictor(ModelSpec spec, SessionOptions options) {
    Session session = take();
    try {
      session.signature().require(spec, options.batchSize());
      return new LanePredictor(session, spec);
    } catch (RuntimeException e) {
      give(session);
      throw e;
    }
  }

  @Override
  public synchronized List<String> signature() {
    return all.get(0).signature().described();
  }

  @Override
  public synchronized void close() {
    all.forEach(Session::close);
    all.clear();
    idle.clear();
  }

  /** Gives its session back when it is closed. */
  private final class LanePredictor implements Predictor {
    private final Session session;
    private final Predictor predictor;
    private boolean isClosed;

    LanePredictor(Session session, ModelSpec spec) {
      this.session = session;
      this.predictor =
          new DjlPredictor(
              session.model(),
              spec,
              new OnnxArrays(spec, session.signature().inputType()),
              OnnxRuntimeMessage::ofPrediction);
    }

    @Override
    public Outputs predict(Batch batch) {
      return predictor.predict(batch);
    }

    @Override
    public void close() {
      if (!isClosed) {
        isClosed = true;
        predictor.close();
        give(session);
      }
    }
  }
}
