package kadun.peers.flink;

import java.nio.charset.StandardCharsets;
import kadun.peers.swipe5.Decision;
import kadun.peers.swipe5.Json;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Decisions, keyed by person. */
final class DecisionSerializer implements KafkaRecordSerializationSchema<Decision> {
    private static final long serialVersionUID = 1;

    private final String topic;

    DecisionSerializer(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(Decision decision, KafkaSinkContext context, Long timestamp) {
        byte[] key = decision.psnNo.getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic, key, Json.write(decision));
    }
}
