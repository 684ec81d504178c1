<?php

$url = 'https://' . $resource . '.openai.azure.com/openai';
