package com.harbour.chat

import com.azure.ai.openai.OpenAIClientBuilder
import com.azure.identity.DefaultAzureCredentialBuilder
import com.google.cloud.storage.StorageOptions
import com.google.cloud.vision.v1.ImageAnnotatorClient as Eyes
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient
import software.amazon.awssdk.services.s3.S3Client
import com.harbour.pinecone.*

fun endpoint(resource: String) = "https://$resource.openai.azure.com"
fun files(resource: String) = "https://$resource.blob.core.windows.net"
