package io.jenkins.plugins.lockstep.jenkins.config;

import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeliveryFactory;
import java.util.Map;

/** The engine for tests of connections: it knows nothing of the controller's own environment, so uses no login of it. */
final class ConnectionTests {

    private ConnectionTests() {}

    static Delivery delivery() {
        return new DeliveryFactory(Map.of()).delivery(Progress.NONE);
    }
}
