package io.tidegate.backplane.hazelcast;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.ConfigAccessor;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MemberAttributeConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.ServiceConfig;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.inbox.ShardState;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** The member's configuration: everything off that the backplane does not use. */
final class GridConfig {
  static final String CHANNELS = "tidegate-channels";
  static final String SHARDS = "tidegate-shards";
  static final String INBOX = "tidegate-inbox";

  /** Attributes by which members know each other as nodes. A service has only the first. */
  static final String NODE_ID = "tidegate.id";

  static final String NODE_NAME = "tidegate.name";
  static final String NODE_VERSION = "tidegate.version";
  static final String NODE_STARTED = "tidegate.started";

  private GridConfig() {}

  static Config of(
      HazelcastSettings settings,
      NodeInfo node,
      boolean isService,
      LocalMember member,
      PartitionTerms terms) {
    Config config = new Config();
    config.setClusterName(settings.clusterName());
    config.setInstanceName("tidegate-" + node.id());
    properties(config, settings);
    config.setNetworkConfig(network(settings));
    config.getMetricsConfig().setEnabled(false);
    config.getJetConfig().setEnabled(false);
    config.setSerializationConfig(serialization());
    config.addMapConfig(map(CHANNELS, SurvivingSide.class, settings));
    // Each node brings its shards over by itself (ShardLinks).
    config.addMapConfig(map(SHARDS, DiscardMergePolicy.class, settings));
    config.addExecutorConfig(new ExecutorConfig(INBOX, 1).setStatisticsEnabled(false));
    config.setLiteMember(isService);
    MemberAttributeConfig attributes = config.getMemberAttributeConfig();
    attributes.setAttribute(NODE_ID, node.id());
    if (!isService) {
      attributes
          .setAttribute(NODE_NAME, node.name())
          .setAttribute(NODE_VERSION, node.version())
          .setAttribute(NODE_STARTED, Long.toString(node.startedMillis()));
    }
    ConfigAccessor.getServicesConfig(config)
        .addServiceConfig(
            new ServiceConfig()
                .setEnabled(true)
                .setName(PartitionTerms.NAME)
                .setImplementation(terms));
    var userContext = new ConcurrentHashMap<String, Object>();
    member.installIn(userContext);
    config.setUserContext(userContext);
    return config;
  }

  private static void properties(Config config, HazelcastSettings settings) {
    long seconds = settings.heartbeatTimeout().toSeconds();
    config
        .setProperty("hazelcast.logging.type", "slf4j")
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.shutdownhook.enabled", "false")
        .setProperty("hazelcast.health.monitoring.level", "OFF")
        .setProperty("hazelcast.socket.bind.any", "false")
        .setProperty("hazelcast.wait.seconds.before.join", "0")
        .setProperty("hazelcast.io.thread.count", "1")
        .setProperty("hazelcast.operation.response.thread.count", "0")
        .setProperty("hazelcast.event.thread.count", "1")
        .setProperty("hazelcast.heartbeat.interval.seconds", "1")
        .setProperty("hazelcast.max.no.heartbeat.seconds", Long.toString(seconds))
        .setProperty("hazelcast.partial.member.disconnection.resolution.heartbeat.count", "5")
        .setProperty("hazelcast.connection.monitor.interval", "50")
        .setProperty("hazelcast.connection.monitor.max.faults", "1")
        .setProperty("hazelcast.merge.first.run.delay.seconds", "5")
        .setProperty("hazelcast.merge.next.run.delay.seconds", "5")
        // A try of ours ends when the grid's invocation does, so that tries do not pile up.
        .setProperty("hazelcast.operation.call.timeout.millis", "3000")
        .setProperty("hazelcast.operation.backup.timeout.millis", "1000")
        .setProperty("hazelcast.operation.fail.on.indeterminate.state", "true")
        .setProperty("hazelcast.invocation.retry.pause.millis", "20")
        .setProperty("hazelcast.slow.operation.detector.threshold.millis", "1000")
        .setProperty("hazelcast.graceful.shutdown.max.wait", "30");
  }

  private static NetworkConfig network(HazelcastSettings settings) {
    NetworkConfig network = new NetworkConfig();
    network
        .setPort(settings.port())
        .setPortCount(settings.portCount())
        .setPortAutoIncrement(settings.portCount() > 1);
    network.getInterfaces().setEnabled(true).addInterface(address(settings.host()));
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network.getJoin().getMulticastConfig().setEnabled(false);
    TcpIpConfig join = network.getJoin().getTcpIpConfig();
    join.setEnabled(true).setConnectionTimeoutSeconds(1);
    candidates(settings).forEach(join::addMember);
    return network;
  }

  private static String address(String host) {
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("host: '" + host + "' (expected: a known address)", e);
    }
  }

  private static List<String> candidates(HazelcastSettings settings) {
    if (!settings.members().isEmpty()) {
      return settings.members();
    }
    return IntStream.range(settings.port(), settings.port() + settings.portCount())
        .mapToObj(port -> settings.host() + ":" + port)
        .toList();
  }

  private static MapConfig map(String name, Class<?> mergePolicy, HazelcastSettings settings) {
    return new MapConfig(name)
        .setInMemoryFormat(InMemoryFormat.OBJECT)
        .setBackupCount(settings.backups())
        .setStatisticsEnabled(false)
        .setPerEntryStatsEnabled(false)
        .setMergePolicyConfig(new MergePolicyConfig(mergePolicy.getName(), 100));
  }

  private static SerializationConfig serialization() {
    SerializationConfig serialization = new SerializationConfig();
    codecs().forEach(codec -> serialization.addSerializerConfig(codec.config()));
    serialization.addDataSerializableFactory(
        TermHandover.FACTORY, id -> id == TermHandover.CLASS_ID ? new TermHandover(0) : null);
    ClassFilter ours = new ClassFilter();
    ours.addPrefixes("com.hazelcast.", "java.lang.", "java.util.", "io.tidegate.backplane.", "[");
    serialization.setJavaSerializationFilterConfig(
        new JavaSerializationFilterConfig().setWhitelist(ours));
    return serialization;
  }

  /** The ids are part of the wire format: never change or reuse one. */
  private static List<Codec<?>> codecs() {
    return List.of(
        new Codec<>(7_301, ChannelState.class, ChannelState::write, ChannelState::read),
        new Codec<>(7_302, RunBatch.class, RunBatch::write, RunBatch::read),
        new Codec<>(7_303, Answer.class, Answer::write, Answer::read),
        new Codec<>(7_304, SweepChannel.class, SweepChannel::write, SweepChannel::read),
        new Codec<>(7_305, ReadHistory.class, ReadHistory::write, ReadHistory::read),
        new Codec<>(7_306, HistoryPage.class, ReadHistory::writePage, ReadHistory::readPage),
        codec(7_307, Follow.class, Follow::write, Follow::read),
        codec(7_308, FollowWholly.class, FollowWholly::write, FollowWholly::read),
        new Codec<>(7_309, FindStale.class, FindStale::write, FindStale::read),
        new Codec<>(7_310, ReadMembers.class, ReadMembers::write, ReadMembers::read),
        new Codec<>(
            7_311, ReadMembers.Found.class, ReadMembers::writeFound, ReadMembers::readFound),
        new Codec<>(7_312, Parcel.class, Parcel::write, Parcel::read),
        new Codec<>(7_313, Question.class, Question::write, Question::read),
        new Codec<>(7_314, Reply.class, Reply::write, Reply::read),
        new Codec<>(7_315, Swept.class, Swept::write, Swept::read),
        new Codec<>(7_316, ShardState.class, ShardWire::writeState, ShardWire::readState),
        new Codec<>(7_317, RunShardOp.class, RunShardOp::write, RunShardOp::read),
        new Codec<>(7_318, ShardReply.class, ShardWire::writeReply, ShardWire::readReply),
        new Codec<>(7_319, ServiceMail.class, ServiceMail::write, ServiceMail::read),
        new Codec<>(7_320, ReadShard.class, ReadShard::write, ReadShard::read),
        new Codec<>(7_321, FollowShard.class, FollowShard::write, FollowShard::read),
        new Codec<>(7_322, RemoveHistory.class, RemoveHistory::write, RemoveHistory::read));
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // The type parameter does not go over the wire.
  private static <T> Codec<?> codec(
      int id, Class<T> type, Wire.Writer<T> writer, Wire.Reader<? extends T> reader) {
    return new Codec<>(id, (Class) type, writer, (Wire.Reader) reader);
  }
}
