package kadun.peers.flink;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kadun.peers.swipe5.Json;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the topic of card states up to where it ends now. Flink promises no order between two sources: without this
 * the first swipes of a job would be judged before the losses reported long ago have been read.
 */
final class KnownLosses {
    private static final Duration POLL = Duration.ofMillis(200);

    private KnownLosses() {}

    static Set<String> read(String brokers, String topic) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        Set<String> lost = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!isAtEnd(consumer, ends)) {
                for (ConsumerRecord<byte[], byte[]> status : consumer.poll(POLL)) {
                    take(status, lost);
                }
            }
        }
        return lost;
    }

    private static boolean isAtEnd(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static void take(ConsumerRecord<byte[], byte[]> status, Set<String> lost) {
        String psnNo = new String(status.key(), StandardCharsets.UTF_8);
        if (Json.isLost(status.value())) {
            lost.add(psnNo);
        } else {
            lost.remove(psnNo);
        }
    }
}
