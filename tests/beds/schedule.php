<?php
// What an editor does who writes now and publishes later: schedule.php write TITLE | publish ID (its hour has come).
$_SERVER['HTTP_HOST'] = preg_replace('#^https?://#', '', getenv('WP_HOME'));
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
require getenv('WP_STATE') . '/htdocs/wp-load.php';

function dated(int $when): array
{
    return ['post_date' => wp_date('Y-m-d H:i:s', $when), 'post_date_gmt' => gmdate('Y-m-d H:i:s', $when)];
}

if ($argv[1] === 'write') {
    $id = wp_insert_post(['post_title' => $argv[2], 'post_content' => '<p>Text.</p>', 'post_status' => 'draft', 'post_author' => 1]);
    wp_update_post(['ID' => $id, 'post_status' => 'future', 'edit_date' => true] + dated(time() + 3600));
} else {
    $id = (int) $argv[2];
    $wpdb->update($wpdb->posts, dated(time()), ['ID' => $id]); // an hour passes
    clean_post_cache($id);
    check_and_publish_future_post($id); // what WordPress's own cron calls then
}
clean_post_cache($id);
$post = get_post($id);
echo json_encode([
    'id' => $id,
    'status' => $post->post_status,
    'date_gmt' => $post->post_date_gmt,
    'modified_gmt' => $post->post_modified_gmt,
    'link' => get_permalink($post),
]), "\n";
