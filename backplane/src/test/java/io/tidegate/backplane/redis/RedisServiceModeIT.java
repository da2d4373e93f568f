package io.tidegate.backplane.redis;

import static io.tidegate.backplane.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceInbox.Consumption;
import io.tidegate.backplane.ServiceModeContract;
import io.tidegate.backplane.TestNode;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RedisServiceModeIT extends ServiceModeContract {
  @Override
  protected ContractFixture fixture() {
    return new RedisFixture();
  }

  @Override
  protected Duration lease() {
    return Duration.ofSeconds(3);
  }

  @Test
  void aServiceNeedsNoNodeToConsume() {
    TestNode service = freshService();

    Consumption consumption =
        await(
            service
                .inbox()
                .consume(
                    ConsumerSettings.of(channel("service")),
                    delivery -> Future.succeededFuture(ServiceAnswer.NONE)));

    assertThat(await(service.cluster().nodes())).isEmpty();
    await(consumption.close());
  }
}
