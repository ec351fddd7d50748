<?php
// A must-use plugin for the WordPress bed: what the usual "disable the REST API" plugins do, and, while the option
// bed_feeds is 'off', what the usual "disable feeds" plugins do; while it is 'newest', there is only the feed's first page.
add_filter('rest_authentication_errors', function ($result) {
    return is_wp_error($result) ? $result : new WP_Error(
        'rest_cannot_access',
        'Only authenticated users can access the REST API.',
        ['status' => 401]
    );
});
add_action('template_redirect', function () {
    $feeds = get_option('bed_feeds');
    if (is_feed() && ($feeds === 'off' || ($feeds === 'newest' && is_paged()))) {
        wp_die('No feed available.', '', ['response' => 404]);
    }
}, 1);
