package org.amortis.runtime;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.amortis.spi.Kernel;

/** Independent tasks of unequal length: each worker takes the next one when it is done, whatever its range. */
final class TaskKernel implements Kernel {
    private final List<Runnable> tasks;
    private final AtomicInteger next = new AtomicInteger();

    TaskKernel(List<Runnable> tasks) {
        this.tasks = tasks;
    }

    @Override
    public int parts() {
        return tasks.size();
    }

    @Override
    public void run(int from, int to, int worker) {
        for (int i = next.getAndIncrement(); i < tasks.size(); i = next.getAndIncrement()) {
            tasks.get(i).run();
        }
    }

    @Override
    public long cost() {
        return Long.MAX_VALUE;
    }
}
