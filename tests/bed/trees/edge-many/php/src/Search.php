<?php

namespace Harbour\Answers;

use Google\Cloud\AIPlatform\V1\Client\PredictionServiceClient;
use Google\Cloud\Storage\StorageClient;
use Symfony\AI\Platform\PlatformInterface;
use Symfony\Component\HttpClient\HttpClient;
use Probots\Pinecone\Client as Index;
use Boost\Accelerator;
use function DeepL\ask;
# use LLPhant\Chat\OpenAIChat;

$files = 'https://' . $resource . '.blob.core.windows.net/answers';
