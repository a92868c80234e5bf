package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.model.Job;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Actor;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.jenkins.run.ControllerOperations;
import io.jenkins.plugins.lockstep.jenkins.run.RolloutArguments;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A cluster that never answers, which a real one can't be made to be on demand: counts what is asked of it and by which
 * thread, and holds a rollback until it is let go or stopped.
 */
public final class CountedOperations implements JobOperations {

    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<String> threads = new CopyOnWriteArrayList<>();
    final List<Actor> actors = new CopyOnWriteArrayList<>();
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);

    @Override
    public ControllerOperations of(Job<?, ?> job, String app) {
        return (ControllerOperations) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ControllerOperations.class},
                (proxy, method, arguments) -> {
                    asked.add(method.getName());
                    threads.add(Thread.currentThread().getName());
                    return switch (method.getName()) {
                        case "rollback" -> rollback(arguments);
                        case "resume" -> Optional.<DeployResult>empty();
                        default -> throw unreachable();
                    };
                });
    }

    private DeployResult rollback(Object[] arguments) throws InterruptedException {
        var progress = (Progress) arguments[5];
        actors.add((Actor) arguments[3]);
        progress.step("rollback of " + arguments[0] + " to " + arguments[1] + " with "
                + ((RolloutArguments) arguments[2]).fixes());
        progress.step("pod cart-1: " + SeededBoard.HOSTILE);
        begun.countDown();
        letGo.await();
        throw unreachable();
    }

    private static DeliveryException unreachable() {
        return DeliveryException.of(Problem.CLUSTER_UNAVAILABLE, "the cluster does not answer")
                .where("https://cluster.example.com")
                .hint("look whether it runs");
    }
}
