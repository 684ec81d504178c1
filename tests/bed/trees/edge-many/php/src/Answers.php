<?php

namespace Harbour\Answers;

use OpenAI\Client;
use Harbour\Anthropic\Prompt;
// use Anthropic\Factory;

$key = getenv('OPENAI_API_KEY');
$client = \OpenAI::factory()->withApiKey($key)->withBaseUri('https://api.openai.com/v1')->make();
$answer = $client->chat()->create(['model' => 'gpt-4o-mini', 'messages' => []]);
