package org.amortis.train;

import java.util.Map;
import org.amortis.array.HostArray;

/** Watches a run. Called on the thread that trains; what it reads from the trainer allocates nothing. */
@FunctionalInterface
public interface Listener {
    /**
     * Called before the first step of a run.
     *
     * @param trainer the trainer
     */
    default void started(Trainer trainer) {}

    /**
     * Called after each step.
     *
     * @param trainer the trainer, with loss and metrics of this step
     */
    void stepped(Trainer trainer);

    /**
     * Called after the last step of a run, whether it reached its goal or was stopped; not after a failure.
     *
     * @param trainer the trainer
     */
    default void finished(Trainer trainer) {}

    /**
     * What a checkpoint must keep for this listener to go on as if nothing had happened.
     *
     * @return name to numbers; names are unique among the listeners of a run
     */
    default Map<String, HostArray> saved() {
        return Map.of();
    }

    /**
     * Takes back what {@link #saved} gave. Called after {@link #started} in the first run after a resume.
     *
     * @param all what all listeners had saved; may lack what this listener needs, which then starts anew
     */
    default void restored(Map<String, HostArray> all) {}
}
