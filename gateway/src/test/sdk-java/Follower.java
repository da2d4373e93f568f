import io.github.centrifugal.centrifuge.JoinEvent;
import io.github.centrifugal.centrifuge.LeaveEvent;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One subscription, and what it was told. */
final class Follower extends SubscriptionEventListener {
  final List<PublicationEvent> publications = new CopyOnWriteArrayList<>();
  final List<String> joins = new CopyOnWriteArrayList<>();
  final List<String> leaves = new CopyOnWriteArrayList<>();
  final List<SubscribedEvent> subscribed = new CopyOnWriteArrayList<>();
  final List<Integer> unsubscribed = new CopyOnWriteArrayList<>();
  Subscription subscription;

  List<Integer> numbers() {
    return publications.stream().map(publication -> World.number(publication.getData())).toList();
  }

  @Override
  public void onPublication(Subscription subscription, PublicationEvent event) {
    publications.add(event);
  }

  @Override
  public void onJoin(Subscription subscription, JoinEvent event) {
    joins.add(event.getInfo().getUser());
  }

  @Override
  public void onLeave(Subscription subscription, LeaveEvent event) {
    leaves.add(event.getInfo().getUser());
  }

  @Override
  public void onSubscribed(Subscription subscription, SubscribedEvent event) {
    subscribed.add(event);
  }

  @Override
  public void onUnsubscribed(Subscription subscription, UnsubscribedEvent event) {
    unsubscribed.add(event.getCode());
  }
}
