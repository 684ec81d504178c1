package com.harbour.chat;

import static com.alibaba.fastjson.JSON.parseObject;
import static org.springframework.ai.chat.messages.MessageType.USER;
import ai.onnxruntime.OrtSession;
import org.springframework.aop.Advisor;
import org.vosk.Model;
import com.google.mlkit.vision.face.*;

public class Scores {
    String endpoint = String.format("https://%s.cognitiveservices.azure.com", System.getenv("RESOURCE"));
    String other = "https://" + System.getenv("RESOURCE") + ".services.ai.azure.com/models";
}
